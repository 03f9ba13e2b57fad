package main

import (
	"encoding/hex"
	"reflect"
)

// wazero has one trap, "invalid table access", for an index beyond the end of a table and for a
// null entry that is called. The tables as they were when it happened tell which one it was, if
// none of their entries is null. Else the case is repeated in another session, in which just
// before the failing call a function of a type that nothing else has stands in place of each
// null: a call that now traps for that type found a null before.

// (module (func $f (param f32 f64 f32 f64 f32 i64 f64 i32 f32))
//
//	(table (export "t") 1 funcref) (elem (i32.const 0) $f))
const fillerModule = "0061736d01000000010d0160097d7c7d7c7d7e7c7f7d0003020100040401700001070501017401000907010041000b01000a040102000b000b046e616d65010401000166"

// resolve says which trap the last of these steps ended with, if that can be told.
func (w *walk) resolve(steps []step, failed *failure) *failure {
	last := len(steps) - 1
	if steps[last].kind != "invoke" || w.session.hasFailedStart {
		return failed
	}
	if !w.session.hasNulls() {
		return trapped("table_out_of_bounds", failed.words)
	}
	again := newWalk(w.engine, w.limits)
	defer again.end()
	for i := range steps[:last] {
		_, _ = again.take(&steps[i])
		again.session.trace.take()
	}
	if !again.session.fillNulls() {
		return failed
	}
	_, repeated := again.take(&steps[last])
	switch {
	case repeated == nil || !reflect.DeepEqual(w.session.trace.calls, again.session.trace.calls):
		return failed
	case repeated.isAmbiguous && !again.session.hasNulls():
		return trapped("table_out_of_bounds", failed.words)
	case repeated.Why == "trapped" && repeated.Detail == "indirect_call_type_mismatch":
		return trapped("uninitialized_element", failed.words)
	}
	return failed
}

func (s *session) hasNulls() bool {
	for _, instance := range s.alive {
		for _, table := range instance.tables() {
			for _, reference := range table.references() {
				if reference == 0 && table.typ() != typeExternref {
					return true
				}
			}
		}
	}
	return false
}

// fillNulls puts the filler in place of all nulls, and says whether it could: a table of typed
// references may not hold it.
func (s *session) fillNulls() bool {
	binary, err := hex.DecodeString(fillerModule)
	if err != nil || s.define("filler", binary) != nil || s.instantiate("filler", "filler") != nil {
		return false
	}
	filler := s.instances["filler"].tables()[0].references()[0]
	for _, instance := range s.alive {
		for _, table := range instance.tables() {
			if !table.fill(filler) {
				return false
			}
		}
	}
	return true
}

func (t table) fill(filler uintptr) bool {
	if t.typ() == typeExternref {
		return true
	}
	references := t.references()
	for i, reference := range references {
		if reference == 0 {
			if !t.isPlain() {
				return false
			}
			references[i] = filler
		}
	}
	return true
}
