package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// A session is one store: wazero's runtime, and what a case calls by name in it.
//
// wazero links by the names of instances, each of which has one. So each instance has a name of
// its own in the runtime, and the module names of imports are replaced in the binary by the
// names of the instances that they mean at that time.
type session struct {
	context     context.Context
	runtime     wazero.Runtime
	limits      limits
	memories    *limitedAllocator
	trace       *trace
	modules     map[string]*module
	instances   map[string]*instance
	registered  map[string]*instance
	hostModules map[string]string
	// All that were made, also those whose names went to others.
	alive []*instance
	// A start function failed: functions of an instance that is not alive may be in tables.
	hasFailedStart bool
	// How many were begun.
	made int
}

// A module as it was defined and compiled, with the names that its imports then had.
type module struct {
	binary   moduleBinary
	bindings []string
	compiled wazero.CompiledModule
}

type instance struct {
	name string
	api  api.Module
}

func newSession(e *engine, l limits) *session {
	memories := &limitedAllocator{bytesMax: l.MemoryBytesMax}
	ctx := experimental.WithMemoryAllocator(context.Background(), memories)
	return &session{
		context:     ctx,
		runtime:     wazero.NewRuntimeWithConfig(ctx, e.config(l)),
		limits:      l,
		memories:    memories,
		trace:       &trace{},
		modules:     map[string]*module{},
		instances:   map[string]*instance{},
		registered:  map[string]*instance{},
		hostModules: map[string]string{},
	}
}

func (s *session) close() { _ = s.runtime.Close(s.context) }

func (s *session) define(name string, bytes []byte) *failure {
	m := &module{binary: parseBinary(bytes)}
	bindings, failed := s.bind(m.binary.imports)
	if failed != nil {
		// What it imports has no say in whether it is valid.
		bindings = make([]string, len(m.binary.imports))
	}
	if failed := s.compile(m, bindings); failed != nil {
		return failed
	}
	s.modules[name] = m
	return nil
}

func (s *session) compile(m *module, bindings []string) *failure {
	compiled, err := s.runtime.CompileModule(s.context, m.binary.withImportsFrom(bindings))
	if err != nil {
		return refusal(m.binary.bytes, err)
	}
	m.compiled, m.bindings = compiled, bindings
	return nil
}

// bind names the instance that each import means now: of one that is registered, if it has such
// an export, else of the host. A name that no instance has is left for wazero to refuse.
func (s *session) bind(imports []moduleImport) ([]string, *failure) {
	names := make([]string, len(imports))
	for i, wanted := range imports {
		names[i] = "nothing " + wanted.module
		if target := s.registered[wanted.module]; target != nil && target.exports(wanted.field) {
			names[i] = target.name
		} else if wanted.module == hostModule && wanted.kind == importFunction {
			name, failed := s.hostModuleFor(wanted)
			if failed != nil {
				return nil, failed
			}
			names[i] = name
		}
	}
	return names, nil
}

func (s *session) instantiate(moduleName, instanceName string) *failure {
	m := s.modules[moduleName]
	bindings, failed := s.bind(m.binary.imports)
	if failed != nil {
		return failed
	}
	if !equal(bindings, m.bindings) {
		if failed := s.compile(m, bindings); failed != nil {
			return failed
		}
	}
	if m.binary.tableMin > s.limits.TableElementsMax {
		return limitHit("table", fmt.Sprintf("a table of %d elements", m.binary.tableMin))
	}
	delete(s.instances, instanceName)
	made := &instance{name: fmt.Sprintf("instance %d", s.made)}
	s.made++
	// wazero would call an export named _start by itself.
	config := wazero.NewModuleConfig().WithName(made.name).WithStartFunctions()
	s.memories.isShared = m.binary.isMemoryShared
	var err error
	if made.api, err = s.runtime.InstantiateModule(s.context, m.compiled, config); err != nil {
		s.hasFailedStart = s.hasFailedStart || strings.HasPrefix(err.Error(), "start ")
		return instantiationFailure(err)
	}
	s.instances[instanceName] = made
	s.alive = append(s.alive, made)
	return nil
}

func equal(left, right []string) bool {
	if len(left) != len(right) {
		return false
	}
	for i := range left {
		if left[i] != right[i] {
			return false
		}
	}
	return true
}

func (s *session) register(instance, name string) {
	s.registered[name] = s.instances[instance]
}

func noExport(what, field string) *failure {
	return unsupported("there is no exported %s named %q", what, field)
}

func (s *session) invoke(instance, field string, args []value) ([]value, *failure) {
	function := s.instances[instance].api.ExportedFunction(field)
	if function == nil {
		return nil, noExport("function", field)
	}
	params := function.Definition().ParamTypes()
	if len(args) != len(params) {
		return nil, unsupported("%d arguments for %d parameters", len(args), len(params))
	}
	var stack []uint64
	for i, arg := range args {
		words, ok := lower(arg, params[i])
		if !ok {
			return nil, unsupported("an argument of type %s cannot be passed", arg.typ)
		}
		stack = append(stack, words...)
	}
	defer s.limitTables()()
	results, err := function.Call(s.context, stack...)
	if err != nil {
		return nil, runtimeFailure(err)
	}
	return liftAll(results, function.Definition().ResultTypes()), nil
}

func (s *session) get(instance, field string) ([]value, *failure) {
	global, ok := s.instances[instance].global(field)
	if !ok {
		return nil, noExport("global", field)
	}
	return []value{global}, nil
}
