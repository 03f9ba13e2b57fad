package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	protocolVersion = 1
	workerVersion   = "0.1.0"
	lineBytesMax    = 256 << 20
)

// A worker answers one host.
type worker struct {
	output  *bufio.Writer
	engines []*engine
	limits  limits
}

var defaultLimits = limits{MemoryBytesMax: 64 << 20, TableElementsMax: 100_000}

// serve answers the host until it says goodbye or its stream ends.
func serve(input io.Reader, output io.Writer) error {
	w := &worker{output: bufio.NewWriterSize(output, 1<<16), limits: defaultLimits}
	lines := bufio.NewReaderSize(input, 1<<16)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) == 0 && errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > lineBytesMax {
			return w.fail(fmt.Errorf("a line of %d bytes", len(line)))
		}
		done, err := w.answer(line)
		if err != nil {
			return w.fail(err)
		}
		if done {
			return nil
		}
	}
}

// answer does what one line asks for, and says whether it was the last.
func (w *worker) answer(line []byte) (bool, error) {
	var kind struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return false, fmt.Errorf("unreadable line: %w", err)
	}
	if kind.Type == nil {
		return false, errors.New("a line without a type")
	}
	switch *kind.Type {
	case "bye":
		return true, nil
	case "hello", "configure", "batch":
	default:
		// A newer host may add kinds of lines that need no answer.
		return false, nil
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		return false, fmt.Errorf("unreadable line: %w", err)
	}
	switch m.Type {
	case "hello":
		return false, w.hello(m)
	case "configure":
		return false, w.configure(m)
	default:
		return false, w.batch(m)
	}
}

func (w *worker) hello(m message) error {
	if m.Protocol != protocolVersion {
		return fmt.Errorf("this worker speaks protocol %d, not %d", protocolVersion, m.Protocol)
	}
	if err := w.write(helloAnswer{"hello", protocolVersion, "wazero-worker", workerVersion}); err != nil {
		return err
	}
	return w.output.Flush()
}

func (w *worker) configure(m message) error {
	if m.Limits != nil {
		w.limits = *m.Limits
	}
	answer := enginesAnswer{Type: "engines", Engines: []engineInfo{}, Missing: []missingEngine{}}
	w.engines, answer.Missing = findEngines(m.Engines)
	for _, engine := range w.engines {
		answer.Engines = append(answer.Engines, engine.info)
	}
	if err := w.write(answer); err != nil {
		return err
	}
	return w.output.Flush()
}

func (w *worker) batch(m message) error {
	for _, line := range m.Cases {
		steps, err := stepsOf(line.Commands)
		if err != nil {
			return fmt.Errorf("case %d: %w", line.ID, err)
		}
		for _, engine := range w.engines {
			if line.Engines != nil && !contains(line.Engines, engine.info.ID) {
				continue
			}
			if err := w.run(line.ID, engine, steps, m.Steps); err != nil {
				return err
			}
		}
		if err := w.output.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) run(id uint64, engine *engine, steps []step, tellSteps bool) error {
	var failed error
	tell := func(done stepOutcome, words string) {
		answer := stepAnswer{Type: "step", ID: id, Engine: engine.info.ID, Step: done}
		if words != "" {
			answer.Detail = &detail{Message: words}
		}
		if failed = w.write(answer); failed == nil {
			failed = w.output.Flush()
		}
	}
	if !tellSteps {
		tell = nil
	}
	start := time.Now()
	outcome := execute(engine, w.limits, steps, tell)
	micros := time.Since(start).Microseconds()
	if failed != nil {
		return failed
	}
	return w.write(resultAnswer{"result", id, engine.info.ID, micros, outcome})
}

func (w *worker) write(message any) error {
	encoder := json.NewEncoder(w.output)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(message)
}

// fail tells the host why this worker ends.
func (w *worker) fail(reason error) error {
	if w.write(errorAnswer{"error", reason.Error()}) == nil {
		_ = w.output.Flush()
	}
	return reason
}

func contains(list []string, text string) bool {
	for _, element := range list {
		if element == text {
			return true
		}
	}
	return false
}
