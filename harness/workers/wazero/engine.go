package main

import (
	"runtime/debug"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// An engine is wazero in one configuration.
type engine struct {
	info      engineInfo
	newConfig func() wazero.RuntimeConfig
	// Older releases take no notice of an allocator that refuses to make a memory larger.
	ignoresRefusals bool
}

var engines = []*engine{
	{info: engineInfo{ID: "wazero-compiler"}, newConfig: wazero.NewRuntimeConfigCompiler},
	{info: engineInfo{ID: "wazero-interpreter"}, newConfig: wazero.NewRuntimeConfigInterpreter},
}

// All bits, also those of features that other releases have.
const allFeatures = ^api.CoreFeatures(0)

func (e *engine) config(l limits) wazero.RuntimeConfig {
	config := e.newConfig().WithCoreFeatures(allFeatures)
	if e.ignoresRefusals {
		config = config.WithMemoryLimitPages(uint32(l.MemoryBytesMax / pageBytes))
	}
	return config
}

const pageBytes = 65536

// findEngines is the engines of these ids, each once, probed; all if there are no ids.
func findEngines(ids []string) (found []*engine, missing []missingEngine) {
	missing = []missingEngine{}
	if len(ids) == 0 {
		for _, engine := range engines {
			ids = append(ids, engine.info.ID)
		}
	}
	for _, id := range ids {
		engine := findEngine(id)
		switch {
		case engine == nil:
			missing = append(missing, missingEngine{id, "this worker has no such engine"})
		case !containsEngine(found, engine):
			engine.describe()
			found = append(found, engine)
		}
	}
	return found, missing
}

// The short name of the implementation means its compiler.
func findEngine(id string) *engine {
	for _, engine := range engines {
		if engine.info.ID == id || id == "wazero" {
			return engine
		}
	}
	return nil
}

func containsEngine(list []*engine, wanted *engine) bool {
	for _, engine := range list {
		if engine == wanted {
			return true
		}
	}
	return false
}

func (e *engine) describe() {
	e.info.Implementation = "wazero"
	e.info.Version = version()
	e.info.Capabilities = capabilities(e)
	e.ignoresRefusals = !refusesGrowth(e)
}

// version is that of the module that was linked.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/tetratelabs/wazero" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return "unknown"
}
