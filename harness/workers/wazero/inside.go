package main

import "reflect"

// wazero's interface shows no tables and half of a vector. Both are in fields that its internal
// types export, which reflection reads: this file knows their names, and nothing else does.

// Kinds of exports, as in the binary format.
const (
	exportTable  = 1
	exportMemory = 2
	exportGlobal = 3
)

func (i *instance) inside() reflect.Value { return reflect.ValueOf(i.api).Elem() }

func (i *instance) exports(field string) bool {
	return i.inside().FieldByName("Exports").MapIndex(reflect.ValueOf(field)).IsValid()
}

// eachExport calls back with the name, kind and index of each export.
func (i *instance) eachExport(each func(name string, kind byte, index int)) {
	exports := i.inside().FieldByName("Exports").MapRange()
	for exports.Next() {
		export := exports.Value().Elem()
		kind, index := export.FieldByName("Type").Uint(), export.FieldByName("Index").Uint()
		each(exports.Key().String(), byte(kind), int(index))
	}
}

// global is the value of an exported global, if there is one of this name.
func (i *instance) global(field string) (value, bool) {
	export := i.inside().FieldByName("Exports").MapIndex(reflect.ValueOf(field))
	if !export.IsValid() || export.Elem().FieldByName("Type").Uint() != exportGlobal {
		return value{}, false
	}
	return i.globalAt(int(export.Elem().FieldByName("Index").Uint())), true
}

func (i *instance) globalAt(index int) value {
	global := i.inside().FieldByName("Globals").Index(index)
	typ := byte(global.Elem().FieldByName("Type").FieldByName("ValType").Uint())
	words := global.MethodByName("Value").Call(nil)
	return lift([]uint64{words[0].Uint(), words[1].Uint()}, typ)
}

// A table of wazero's.
type table struct{ inside reflect.Value }

func (i *instance) tables() []table {
	inside := i.inside().FieldByName("Tables")
	tables := make([]table, inside.Len())
	for index := range tables {
		tables[index] = table{inside.Index(index).Elem()}
	}
	return tables
}

// references is the table itself, not a copy.
func (t table) references() []uintptr {
	return t.inside.FieldByName("References").Interface().([]uintptr)
}

func (t table) typ() byte { return byte(t.inside.FieldByName("Type").Uint()) }

// isPlain says whether it holds functions of any type, and null.
func (t table) isPlain() bool { return t.inside.FieldByName("Type").Uint() == typeFuncref }

// limit lowers the table's maximum, and returns what restores it.
func (t table) limit(elementsMax uint32) func() {
	field := t.inside.FieldByName("Max")
	before := field.Interface().(*uint32)
	if before != nil && *before <= elementsMax {
		return func() {}
	}
	field.Set(reflect.ValueOf(&elementsMax))
	return func() { field.Set(reflect.ValueOf(before)) }
}

// limitTables keeps all tables from growing beyond the limit until the returned function is
// called. Only calls are limited: the maximum is part of a table's type, which linking compares.
func (s *session) limitTables() (restore func()) {
	var restores []func()
	for _, instance := range s.alive {
		for _, table := range instance.tables() {
			restores = append(restores, table.limit(uint32(s.limits.TableElementsMax)))
		}
	}
	return func() {
		for last := len(restores) - 1; last >= 0; last-- {
			restores[last]()
		}
	}
}
