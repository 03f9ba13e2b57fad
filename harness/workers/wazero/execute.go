package main

// execute runs the steps of a case from an empty session. tell, if there is one, hears of each
// step as soon as it is done.
func execute(e *engine, l limits, steps []step, tell func(stepOutcome, string)) *outcome {
	w := newWalk(e, l)
	defer w.end()
	done := &outcome{Steps: make([]stepOutcome, 0, len(steps)), State: map[string]instanceState{}}
	for i := range steps {
		result, failed := w.take(&steps[i])
		if failed != nil && failed.isAmbiguous {
			failed = w.resolve(steps[:i+1], failed)
		}
		step := stepOutcome{Result: result, Trace: w.session.trace.take()}
		words := ""
		if failed != nil {
			step.Result = stepResult{"failed", failed}
			words = failed.words
		}
		done.Steps = append(done.Steps, step)
		if tell != nil {
			tell(step, words)
		}
	}
	if !w.isBroken {
		for instance := range w.instances {
			done.State[instance] = w.session.observe(instance)
		}
	}
	return done
}

// A walk knows which modules and instances came about.
type walk struct {
	engine    *engine
	limits    limits
	session   *session
	modules   map[string]bool
	instances map[string]bool
	// The engine panicked, and is not asked again.
	isBroken bool
}

func newWalk(e *engine, l limits) *walk {
	return &walk{
		engine: e, limits: l, session: newSession(e, l),
		modules: map[string]bool{}, instances: map[string]bool{},
	}
}

func (w *walk) end() {
	_ = guarded(func() *failure { w.session.close(); return nil })
}

var absent = stepResult{Kind: "absent"}

func (w *walk) take(s *step) (stepResult, *failure) {
	if w.isBroken || w.isAbsent(s) {
		return absent, nil
	}
	values := []value{}
	failed := guarded(func() (failed *failure) {
		values, failed = w.act(s)
		return failed
	})
	if failed != nil {
		w.isBroken = failed.isPanic
		return stepResult{}, failed
	}
	switch s.kind {
	case "define":
		w.modules[s.module] = true
	case "instantiate":
		w.instances[s.instance] = true
	}
	return stepResult{"returned", values}, nil
}

func (w *walk) isAbsent(s *step) bool {
	switch s.kind {
	case "define":
		delete(w.modules, s.module)
		return false
	case "instantiate":
		if !w.modules[s.module] {
			return true
		}
		delete(w.instances, s.instance)
		return false
	}
	return !w.instances[s.instance]
}

func (w *walk) act(s *step) ([]value, *failure) {
	switch s.kind {
	case "define":
		return []value{}, w.session.define(s.module, s.binary)
	case "instantiate":
		return []value{}, w.session.instantiate(s.module, s.instance)
	case "register":
		w.session.register(s.instance, s.name)
		return []value{}, nil
	case "get":
		return w.session.get(s.instance, s.field)
	}
	return w.session.invoke(s.instance, s.field, s.args)
}
