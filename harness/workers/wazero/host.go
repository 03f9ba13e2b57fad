package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero/api"
)

// The module whose functions always exist; those that begin with failingPrefix fail.
const (
	hostModule    = "gainsay"
	failingPrefix = "fail"
)

// A step whose host calls bring more values than this, each call being one more, ends: a loop
// around a host call must not fill the memory of the worker.
const traceValuesMax = 50_000

// A hostStop leaves a host function, and wazero's call with it.
type hostStop struct{ failure *failure }

func (s *hostStop) Error() string { return s.failure.Error() }

// A trace holds the host calls of a step.
type trace struct {
	calls  []hostCall
	values int
}

func (t *trace) take() []hostCall {
	calls := t.calls
	*t = trace{}
	return calls
}

func (t *trace) record(name string, args []value) {
	t.values += 1 + len(args)
	if t.values > traceValuesMax {
		panic(&hostStop{limitHit("fuel", "too many calls of host functions in one step")})
	}
	t.calls = append(t.calls, hostCall{name, args})
	if strings.HasPrefix(name, failingPrefix) {
		panic(&hostStop{&failure{Why: "host_error", words: "the host function failed"}})
	}
}

// The results of functions without an argument of that type; references are null.
var hostConstants = map[byte][]uint64{
	typeI32:  {42},
	typeI64:  {^uint64(41)},
	typeF32:  {0x3fc00000},
	typeF64:  {0xc004000000000000},
	typeV128: {0x0706050403020100, 0x0f0e0d0c0b0a0908},
}

// hostFunction answers for each result with the last argument of its type.
func (t *trace) hostFunction(name string, params, results []byte) api.GoModuleFunc {
	return func(_ context.Context, _ api.Module, stack []uint64) {
		t.record(name, liftAll(stack, params))
		last := map[byte][]uint64{}
		rest := stack
		for _, typ := range params {
			last[typ] = append([]uint64(nil), rest[:words(typ)]...)
			rest = rest[words(typ):]
		}
		for _, typ := range results {
			answer, ok := last[typ]
			if !ok {
				answer, ok = hostConstants[typ]
			}
			if !ok {
				answer = []uint64{0}
			}
			stack = stack[copy(stack, answer):]
		}
	}
}

// hostModuleFor makes the host function that an import asks for, and returns the name of the
// module that has it. One name may be imported with several types, so each has a module.
func (s *session) hostModuleFor(i moduleImport) (string, *failure) {
	if !i.isSimple {
		return "", unsupported("a host function with types that wazero's interface has not")
	}
	key := fmt.Sprintf("%x>%x %s", i.params, i.results, i.field)
	if name, ok := s.hostModules[key]; ok {
		return name, nil
	}
	name := fmt.Sprintf("host %d", len(s.hostModules))
	_, err := s.runtime.NewHostModuleBuilder(name).NewFunctionBuilder().
		WithGoModuleFunction(s.trace.hostFunction(i.field, i.params, i.results), i.params, i.results).
		Export(i.field).Instantiate(s.context)
	if err != nil {
		return "", fail("fault", err.Error())
	}
	s.hostModules[key] = name
	return name, nil
}
