package main

import (
	"regexp"
	"strings"
)

// What wazero says of a module that needs a proposal which it lacks. It has no error of its own
// for that: the module is malformed or invalid to it, at the first thing that it does not know.
// A module that is invalid for another reason too is then not compared, which does no harm.
var lacking = []struct {
	proposal string
	text     *regexp.Regexp
}{
	{"multi-memory", regexp.MustCompile(`at most one (memory|table) allowed|memory index.*must be zero`)},
	{"memory64", regexp.MustCompile(`invalid byte for limits: 0x[4-7]\b`)},
	{"custom-page-sizes", regexp.MustCompile(`invalid byte for limits: 0x([89a-f])\b`)},
	{"wide-arithmetic", regexp.MustCompile(`misc opcode 0x1[3-6]\b`)},
	// Composite types, and what begins with a reference or with the opcode of its instructions.
	{"gc", regexp.MustCompile(`invalid byte: 0x(4[ef]|5[0ef]) != 0x60|(opcode|instruction) 0xfb`)},
	{"gc", regexp.MustCompile(`(invalid value type: |type index )(9[89]|10\d|11[0-7])\b`)},
	{"gc", regexp.MustCompile(`invalid local type: 0x(6[2-9a-f]|7[0-5])\b|out of range: -\d`)},
	{"tail-call", regexp.MustCompile(`(opcode|instruction) 0x1[23]\b`)},
	{"exception-handling", regexp.MustCompile(`(opcode|instruction) 0x(08|8|0a|a|1f)\b`)},
	{"function-references", regexp.MustCompile(`(opcode|instruction) 0x(1[45]|d[3-6])\b`)},
	{"extended-const", regexp.MustCompile(`invalid opcode for const expression|constant expression`)},
	{"threads", regexp.MustCompile(`(opcode|instruction) 0xfe\b`)},
}

// lackedProposal names the proposal that a refused module needs and wazero lacks, if that may be
// why it was refused.
func lackedProposal(bytes []byte, text string) string {
	for _, sign := range lacking {
		if sign.text.MatchString(text) {
			return sign.proposal
		}
	}
	if parseBinary(bytes).hasTags && strings.Contains(text, "invalid section id") {
		return "exception-handling"
	}
	if hasRelaxed(bytes) {
		return "relaxed-simd"
	}
	return ""
}

// hasRelaxed says whether there may be an opcode of relaxed-simd, which takes three bytes. wazero
// reads two of them, and what it then says may be anything.
func hasRelaxed(bytes []byte) bool {
	for i := 2; i < len(bytes); i++ {
		if bytes[i] == 2 && bytes[i-1] >= 0x80 && bytes[i-1] <= 0x93 && bytes[i-2] == 0xfd {
			return true
		}
	}
	return false
}
