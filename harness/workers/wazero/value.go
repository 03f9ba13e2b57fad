package main

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// The types of values, as the binary format writes them; wazero uses the same bytes.
const (
	typeI32       = 0x7f
	typeI64       = 0x7e
	typeF32       = 0x7d
	typeF64       = 0x7c
	typeV128      = 0x7b
	typeFuncref   = 0x70
	typeExternref = 0x6f
	typeExnref    = 0x69
)

var typeNames = map[byte]string{
	typeI32: "i32", typeI64: "i64", typeF32: "f32", typeF64: "f64", typeV128: "v128",
	typeFuncref: "funcref", typeExternref: "externref", typeExnref: "exnref",
}

// A value of the protocol. Numbers are bit patterns; a reference is null or not, and an external
// one has a number.
type value struct {
	typ    string
	lo, hi uint64
	isNull bool
	// A reference of which nothing can be seen but its type.
	isOpaque bool
}

func (v value) MarshalJSON() ([]byte, error) {
	switch {
	case v.isOpaque:
		return []byte(`{"type":"` + v.typ + `"}`), nil
	case v.isNull:
		return []byte(`{"type":"` + v.typ + `","value":"null"}`), nil
	case v.typ == "v128":
		return []byte(fmt.Sprintf(`{"type":"v128","lane_type":"i32","value":["%d","%d","%d","%d"]}`,
			uint32(v.lo), v.lo>>32, uint32(v.hi), v.hi>>32)), nil
	}
	return []byte(`{"type":"` + v.typ + `","value":"` + strconv.FormatUint(v.lo, 10) + `"}`), nil
}

func (v *value) UnmarshalJSON(text []byte) error {
	var object struct {
		Type     string          `json:"type"`
		LaneType string          `json:"lane_type"`
		Value    json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(text, &object); err != nil {
		return err
	}
	v.typ = object.Type
	if object.Value == nil {
		v.isOpaque = true
		return nil
	}
	if object.Type == "v128" {
		return v.lanes(object.LaneType, object.Value)
	}
	var number string
	if err := json.Unmarshal(object.Value, &number); err != nil {
		return err
	}
	if number == "null" {
		v.isNull = true
		return nil
	}
	width := uint(64)
	if object.Type == "i32" || object.Type == "f32" {
		width = 32
	}
	var err error
	v.lo, err = bits(number, width)
	return err
}

func (v *value) lanes(laneType string, text []byte) error {
	widths := map[string]uint{"i8": 8, "i16": 16, "i32": 32, "f32": 32, "i64": 64, "f64": 64}
	width := widths[laneType]
	var lanes []string
	if err := json.Unmarshal(text, &lanes); err != nil {
		return err
	}
	if uint(len(lanes))*width != 128 {
		return fmt.Errorf("%d lanes of type %q", len(lanes), laneType)
	}
	for i, lane := range lanes {
		number, err := bits(lane, width)
		if err != nil {
			return err
		}
		if at := uint(i) * width; at < 64 {
			v.lo |= number << at
		} else {
			v.hi |= number << (at - 64)
		}
	}
	return nil
}

// bits reads a decimal number, signed or unsigned, as its low bits.
func bits(text string, width uint) (uint64, error) {
	if number, err := strconv.ParseInt(text, 10, int(width)); err == nil {
		return uint64(number) & (^uint64(0) >> (64 - width)), nil
	}
	return strconv.ParseUint(text, 10, int(width))
}

// words is how many words of wazero's stack a value of this type takes.
func words(typ byte) int {
	if typ == typeV128 {
		return 2
	}
	return 1
}

// lower writes a value as wazero's words for this type. External references are opaque to
// wazero, and 0 is null: number n is n + 1.
func lower(v value, typ byte) ([]uint64, bool) {
	if v.typ != typeNames[typ] || v.isOpaque {
		return nil, false
	}
	switch {
	case v.isNull:
		return []uint64{0}, true
	case typ == typeV128:
		return []uint64{v.lo, v.hi}, true
	case typ == typeExternref:
		return []uint64{v.lo + 1}, true
	case typ == typeFuncref || typ == typeExnref:
		return nil, false
	}
	return []uint64{v.lo}, true
}

// lift reads a value of this type from wazero's words.
func lift(words []uint64, typ byte) value {
	v := value{typ: typeNames[typ], lo: words[0]}
	switch typ {
	case typeI32, typeF32:
		v.lo = uint64(uint32(v.lo))
	case typeV128:
		v.hi = words[1]
	case typeFuncref, typeExnref:
		v.isNull, v.isOpaque = v.lo == 0, v.lo != 0
	case typeExternref:
		v.isNull = v.lo == 0
		v.lo--
	}
	return v
}

func liftAll(stack []uint64, types []byte) []value {
	values := make([]value, len(types))
	for i, typ := range types {
		values[i] = lift(stack, typ)
		stack = stack[words(typ):]
	}
	return values
}
