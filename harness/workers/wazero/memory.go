package main

import (
	"fmt"

	"github.com/tetratelabs/wazero/experimental"
)

// wazero's own limit of pages becomes the maximum of every memory that has none, which then
// links where it should not. An allocator that refuses to go on leaves types alone.
type limitedAllocator struct {
	bytesMax uint64
	// The next memory is shared, and may not move when it grows.
	isShared bool
}

type limitedMemory struct {
	buffer   []byte
	bytesMax uint64
}

// Allocate makes a memory without any bytes yet; wazero then asks for the first ones.
func (a *limitedAllocator) Allocate(initial, max uint64) experimental.LinearMemory {
	if initial > a.bytesMax {
		panic(limitHit("memory", fmt.Sprintf("a memory of %d bytes", initial)))
	}
	if max > a.bytesMax {
		max = a.bytesMax
	}
	memory := &limitedMemory{bytesMax: max}
	if a.isShared {
		memory.buffer = make([]byte, 0, max)
	} else {
		memory.buffer = make([]byte, 0, initial)
	}
	return memory
}

// Reallocate makes the memory larger; it never becomes smaller.
func (m *limitedMemory) Reallocate(size uint64) []byte {
	if size > m.bytesMax {
		return nil
	}
	if size <= uint64(cap(m.buffer)) {
		m.buffer = m.buffer[:size]
	} else {
		m.buffer = append(m.buffer, make([]byte, size-uint64(len(m.buffer)))...)
	}
	return m.buffer
}

func (m *limitedMemory) Free() { m.buffer = nil }
