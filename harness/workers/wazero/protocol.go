package main

// What the lines of the protocol hold. Fields that are not named here are passed over.

type message struct {
	Type     string     `json:"type"`
	Protocol int        `json:"protocol"`
	Engines  []string   `json:"engines"`
	Limits   *limits    `json:"limits"`
	Cases    []caseLine `json:"cases"`
	Steps    bool       `json:"steps"`
}

type limits struct {
	MemoryBytesMax   uint64 `json:"memory_bytes_max"`
	TableElementsMax uint64 `json:"table_elements_max"`
}

type caseLine struct {
	ID       uint64    `json:"id"`
	Engines  []string  `json:"engines"`
	Commands []command `json:"commands"`
}

type command struct {
	Type     string  `json:"type"`
	Name     string  `json:"name"`
	Binary   []byte  `json:"binary"`
	Instance string  `json:"instance"`
	Module   string  `json:"module"`
	As       string  `json:"as"`
	Action   *action `json:"action"`
}

type action struct {
	Type   string  `json:"type"`
	Module string  `json:"module"`
	Field  string  `json:"field"`
	Args   []value `json:"args"`
}

type helloAnswer struct {
	Type     string `json:"type"`
	Protocol int    `json:"protocol"`
	Worker   string `json:"worker"`
	Version  string `json:"version"`
}

type enginesAnswer struct {
	Type    string          `json:"type"`
	Engines []engineInfo    `json:"engines"`
	Missing []missingEngine `json:"missing"`
}

type engineInfo struct {
	ID             string   `json:"id"`
	Implementation string   `json:"implementation"`
	Version        string   `json:"version"`
	Capabilities   []string `json:"capabilities"`
}

type missingEngine struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

type resultAnswer struct {
	Type    string   `json:"type"`
	ID      uint64   `json:"id"`
	Engine  string   `json:"engine"`
	Micros  int64    `json:"micros"`
	Outcome *outcome `json:"outcome"`
}

type stepAnswer struct {
	Type   string      `json:"type"`
	ID     uint64      `json:"id"`
	Engine string      `json:"engine"`
	Step   stepOutcome `json:"step"`
	Detail *detail     `json:"detail,omitempty"`
}

type detail struct {
	Refusal *string `json:"refusal"`
	Message string  `json:"message"`
}

type errorAnswer struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

type outcome struct {
	Steps []stepOutcome            `json:"steps"`
	State map[string]instanceState `json:"state"`
}

type stepOutcome struct {
	Result stepResult `json:"result"`
	Trace  []hostCall `json:"trace,omitempty"`
}

type stepResult struct {
	Kind  string `json:"kind"`
	Value any    `json:"value,omitempty"`
}

type hostCall struct {
	Name string  `json:"name"`
	Args []value `json:"args"`
}

// By the name of the export.
type instanceState map[string]exportState

type exportState struct {
	Kind  string  `json:"kind"`
	Value *value  `json:"value,omitempty"`
	Bytes *uint64 `json:"bytes,omitempty"`
	Size  *uint64 `json:"size,omitempty"`
	Hash  string  `json:"hash,omitempty"`
}
