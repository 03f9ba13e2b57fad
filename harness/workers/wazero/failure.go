package main

import (
	"errors"
	"fmt"
	"strings"
)

// Why a step failed, in the protocol's words.
type failure struct {
	Why    string `json:"why"`
	Detail any    `json:"detail,omitempty"`
	// What the engine says, for people.
	words string
	// A trap of which wazero does not say which of two it is; see ambiguous.go.
	isAmbiguous bool
	// The engine panicked: nothing of its state can be trusted.
	isPanic bool
}

func (f *failure) Error() string { return f.Why + ": " + f.words }

func fail(why, words string) *failure {
	return &failure{Why: why, Detail: words, words: words}
}

func unsupported(format string, args ...any) *failure {
	return fail("unsupported", fmt.Sprintf(format, args...))
}

func limitHit(name, words string) *failure {
	return &failure{Why: "limit", Detail: name, words: words}
}

func trapped(name, words string) *failure {
	return &failure{Why: "trapped", Detail: name, words: words}
}

// wazero's own errors at run time have a type of an internal package, each with one text.
const runtimeError = "*wasmruntime.Error"

var traps = map[string]string{
	"unreachable":                   "unreachable",
	"integer divide by zero":        "divide_by_zero",
	"integer overflow":              "integer_overflow",
	"invalid conversion to integer": "invalid_conversion",
	"out of bounds memory access":   "memory_out_of_bounds",
	"indirect call type mismatch":   "indirect_call_type_mismatch",
	"unaligned atomic":              "unaligned_atomic",
	"expected shared memory":        "expected_shared_memory",
	"null reference":                "null_reference",
}

// runtimeFailure classifies an error of a call.
func runtimeFailure(err error) *failure {
	var stop *hostStop
	if errors.As(err, &stop) {
		return stop.failure
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if fmt.Sprintf("%T", inner) != runtimeError {
			continue
		}
		text := inner.Error()
		switch text {
		case "stack overflow":
			return limitHit("stack", text)
		case "invalid table access":
			ambiguous := unsupported("%s: wazero does not say which of its two kinds", text)
			ambiguous.isAmbiguous = true
			return ambiguous
		case "uncaught exception":
			return &failure{Why: "uncaught", words: text}
		}
		if name, ok := traps[text]; ok {
			return trapped(name, text)
		}
	}
	return fail("fault", err.Error())
}

// instantiationFailure classifies an error of an instantiation. Errors of linking and of
// segments have no types of their own.
func instantiationFailure(err error) *failure {
	failed := runtimeFailure(err)
	if failed.Why != "fault" {
		return failed
	}
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "data[") && strings.HasSuffix(text, "out of bounds memory access"):
		return trapped("memory_out_of_bounds", text)
	case strings.HasPrefix(text, "import "), strings.HasPrefix(text, "export "),
		strings.Contains(text, "is not exported in module"),
		strings.HasSuffix(text, "not instantiated"):
		return fail("unlinkable", text)
	}
	return failed
}

// What wazero says of modules that are larger than it allows.
var sizeLimits = []string{"exceeds limit", "exceeds the limit", "too many", "too large"}

// refusal classifies an error of a definition. wazero has one kind of error for a module that
// is invalid, one that is too large and one of a proposal that it lacks.
func refusal(bytes []byte, err error) *failure {
	text := err.Error()
	if proposal := lackedProposal(bytes, text); proposal != "" {
		return unsupported("%s: %s", proposal, text)
	}
	// Beyond 65536 pages a memory is invalid, whatever the limit.
	if strings.Contains(text, " over limit of ") && !strings.Contains(text, "of 65536 pages") {
		return limitHit("memory", text)
	}
	for _, words := range sizeLimits {
		if strings.Contains(text, words) {
			return limitHit("module", text)
		}
	}
	return fail("rejected", text)
}

// guarded calls what may panic: wazero breaking its own rules, or a limit.
func guarded(act func() *failure) (failed *failure) {
	defer func() {
		if panicked := recover(); panicked != nil {
			if limit, ok := panicked.(*failure); ok {
				failed = limit
				return
			}
			failed = fail("fault", fmt.Sprintf("panic: %v", panicked))
			failed.isPanic = true
		}
	}()
	return act()
}
