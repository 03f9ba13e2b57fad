package main

import (
	"encoding/binary"
	"strconv"

	"github.com/zeebo/xxh3"
)

// hash is XXH3-64 with seed 0, as the decimal string that the protocol wants.
func hash(bytes []byte) string {
	return strconv.FormatUint(xxh3.Hash(bytes), 10)
}

// hashWords is the hash of words in little-endian order.
func hashWords(words []uint64) string {
	bytes := make([]byte, 0, 8*len(words))
	for _, word := range words {
		bytes = binary.LittleEndian.AppendUint64(bytes, word)
	}
	return hash(bytes)
}
