package main

import (
	"fmt"

	"github.com/tetratelabs/wazero/experimental"
)

// wazero's own limit of pages becomes the maximum of every memory that has none, which then
// links where it should not. An allocator that refuses to go on leaves types alone.

type limitedAllocator struct{ bytesMax uint64 }

type limitedMemory struct {
	buffer   []byte
	bytesMax uint64
}

func (a limitedAllocator) Allocate(initial, max uint64) experimental.LinearMemory {
	if initial > a.bytesMax {
		panic(limitHit("memory", fmt.Sprintf("a memory of %d bytes", initial)))
	}
	if max > a.bytesMax {
		max = a.bytesMax
	}
	return &limitedMemory{bytesMax: max}
}

// Reallocate makes the memory larger. One that is shared may not move, and which are shared is
// not known here: address space for all of it is taken at the first time.
func (m *limitedMemory) Reallocate(size uint64) []byte {
	if size > m.bytesMax {
		return nil
	}
	if m.buffer == nil {
		m.buffer = make([]byte, size, m.bytesMax)
	}
	m.buffer = m.buffer[:size]
	return m.buffer
}

func (m *limitedMemory) Free() { m.buffer = nil }
