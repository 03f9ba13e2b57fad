package main

// observe is what can be seen of an instance through its exports.
func (s *session) observe(name string) instanceState {
	instance := s.instances[name]
	state := instanceState{}
	tables := instance.tables()
	instance.eachExport(func(name string, kind byte, index int) {
		switch kind {
		case exportTable:
			state[name] = tables[index].state()
		case exportMemory:
			if memory := instance.api.ExportedMemory(name); memory != nil {
				// A memory of 4 GiB would have a size of 0 here, but limits are lower.
				size := uint64(memory.Size())
				bytes, _ := memory.Read(0, memory.Size())
				state[name] = exportState{Kind: "memory", Bytes: &size, Hash: hash(bytes)}
			}
		case exportGlobal:
			global := instance.globalAt(index)
			state[name] = exportState{Kind: "global", Value: &global}
		}
	})
	return state
}

func (t table) state() exportState {
	references := t.references()
	isExternal := t.typ() == typeExternref
	elements := make([]uint64, len(references))
	for i, reference := range references {
		switch {
		case reference == 0:
		case isExternal:
			// Number n is n + 1 in the engine, and n + 2 in the hash.
			elements[i] = uint64(reference) + 1
		default:
			elements[i] = 1
		}
	}
	size := uint64(len(elements))
	return exportState{Kind: "table", Size: &size, Hash: hashWords(elements)}
}
