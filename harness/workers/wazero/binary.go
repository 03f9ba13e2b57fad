package main

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// What the worker has to know of a module's binary before wazero sees it: its imports, whose
// module names it replaces, the sizes of its tables, which wazero does not limit, and whether its
// memory is shared.

type importKind = byte

const (
	importFunction importKind = iota
	importTable
	importMemory
	importGlobal
	importTag
)

type moduleImport struct {
	module, field string
	kind          importKind
	// Of a function, if it has none but simple types.
	params, results []byte
	isSimple        bool
	// Everything from the field's name to the end, as it stands in the binary.
	tail []byte
}

type moduleBinary struct {
	bytes   []byte
	imports []moduleImport
	// The largest table that it defines, in elements.
	tableMin uint64
	// Whether the memory that it defines is shared.
	isMemoryShared bool
	// Whether it has a section of tags.
	hasTags bool
	// Where the import section is, with its id and size.
	importsFrom, importsTo int
}

type functionType struct {
	params, results []byte
	isSimple        bool
}

// parseBinary reads what it can; what it cannot read is for wazero to refuse.
func parseBinary(bytes []byte) moduleBinary {
	m := moduleBinary{bytes: bytes}
	if len(bytes) < 8 {
		return m
	}
	r := &reader{bytes: bytes, at: 8}
	var types []functionType
	for r.err == nil && r.at < len(bytes) {
		start := r.at
		id := r.byte()
		section := &reader{bytes: r.take(r.u32())}
		if r.err != nil {
			break
		}
		switch id {
		case 1:
			types = section.types()
		case 2:
			imports := section.imports(types)
			if section.err == nil && section.at == len(section.bytes) {
				m.imports, m.importsFrom, m.importsTo = imports, start, r.at
			}
		case 4:
			m.tableMin = section.tables()
		case 13:
			m.hasTags = true
		case 5:
			const sharedFlag = 2
			m.isMemoryShared = section.u32() > 0 && section.byte()&sharedFlag != 0
		}
	}
	return m
}

// withImportsFrom is the binary with another module name for each import.
func (m *moduleBinary) withImportsFrom(names []string) []byte {
	if len(m.imports) == 0 {
		return m.bytes
	}
	section := binary.AppendUvarint(nil, uint64(len(m.imports)))
	for i, name := range names {
		section = binary.AppendUvarint(section, uint64(len(name)))
		section = append(section, name...)
		section = append(section, m.imports[i].tail...)
	}
	bytes := append([]byte(nil), m.bytes[:m.importsFrom]...)
	bytes = binary.AppendUvarint(append(bytes, 2), uint64(len(section)))
	return append(append(bytes, section...), m.bytes[m.importsTo:]...)
}

var errBinary = errors.New("the binary is malformed, or newer than this worker")

// A reader stops at the first thing that it does not understand.
type reader struct {
	bytes []byte
	at    int
	err   error
}

func (r *reader) take(length uint64) []byte {
	if r.err != nil || length > uint64(len(r.bytes)-r.at) {
		r.err = errBinary
		return nil
	}
	taken := r.bytes[r.at : r.at+int(length)]
	r.at += int(length)
	return taken
}

func (r *reader) byte() byte {
	if taken := r.take(1); taken != nil {
		return taken[0]
	}
	return 0
}

func (r *reader) u32() uint64 {
	number, size := binary.Uvarint(r.bytes[r.at:])
	if r.err != nil || size <= 0 || number > 1<<32-1 {
		r.err = errBinary
		return 0
	}
	r.at += size
	return number
}

func (r *reader) name() string {
	name := string(r.take(r.u32()))
	if !utf8.ValidString(name) {
		r.err = errBinary
	}
	return name
}

// valueType reads a type, and says whether it is one of a single byte.
func (r *reader) valueType() (byte, bool) {
	typ := r.byte()
	if typ != 0x63 && typ != 0x64 {
		_, isKnown := typeNames[typ]
		return typ, isKnown
	}
	// A reference to a heap type, which is a signed number.
	for r.byte()&0x80 != 0 {
	}
	return typ, false
}

func (r *reader) valueTypes() ([]byte, bool) {
	types, areSimple := []byte{}, true
	for count := r.u32(); count > 0 && r.err == nil; count-- {
		typ, isSimple := r.valueType()
		types, areSimple = append(types, typ), areSimple && isSimple
	}
	return types, areSimple
}

func (r *reader) types() (types []functionType) {
	for count := r.u32(); count > 0 && r.err == nil; count-- {
		if r.byte() != 0x60 {
			r.err = errBinary
			break
		}
		params, areSimple := r.valueTypes()
		results, alsoSimple := r.valueTypes()
		types = append(types, functionType{params, results, areSimple && alsoSimple})
	}
	return types
}

// limits reads the limits of a table or memory and returns the smaller one.
func (r *reader) limits() uint64 {
	flags := r.byte()
	if flags > 3 {
		r.err = errBinary
	}
	min := r.u32()
	if flags&1 != 0 {
		r.u32()
	}
	return min
}

func (r *reader) imports(types []functionType) (imports []moduleImport) {
	for count := r.u32(); count > 0 && r.err == nil; count-- {
		i := moduleImport{module: r.name()}
		start := r.at
		i.field = r.name()
		i.kind = r.byte()
		switch i.kind {
		case importFunction:
			if index := r.u32(); index < uint64(len(types)) {
				t := types[index]
				i.params, i.results, i.isSimple = t.params, t.results, t.isSimple
			}
		case importTable:
			r.valueType()
			r.limits()
		case importMemory:
			r.limits()
		case importGlobal:
			r.valueType()
			r.byte()
		case importTag:
			r.byte()
			r.u32()
		default:
			r.err = errBinary
		}
		i.tail = r.bytes[start:r.at]
		imports = append(imports, i)
	}
	return imports
}

func (r *reader) tables() (largest uint64) {
	for count := r.u32(); count > 0 && r.err == nil; count-- {
		hasInitialiser := r.at < len(r.bytes) && r.bytes[r.at] == 0x40
		if hasInitialiser {
			r.take(2)
		}
		r.valueType()
		if min := r.limits(); r.err == nil && min > largest {
			largest = min
		}
		if hasInitialiser {
			// Where its constant expression ends, this reader does not know.
			break
		}
	}
	return largest
}
