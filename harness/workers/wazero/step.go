package main

import (
	"fmt"
	"strings"
)

// A step of a case: what to do with which names.
type step struct {
	kind     string // define, instantiate, register, invoke or get
	module   string
	instance string
	name     string // as which an instance is registered
	field    string
	binary   []byte
	args     []value
}

// stepsOf turns the commands of a case into steps; a module stands for two.
func stepsOf(commands []command) ([]step, error) {
	steps := make([]step, 0, len(commands))
	for _, c := range commands {
		names := []*string{&c.Name, &c.Instance, &c.Module}
		if c.Action != nil {
			names = append(names, &c.Action.Module)
		}
		for _, name := range names {
			if *name != "" && !strings.HasPrefix(*name, "$") {
				return nil, fmt.Errorf("%q does not begin with $", *name)
			}
			*name = strings.TrimPrefix(*name, "$")
		}
		switch c.Type {
		case "module_definition":
			steps = append(steps, step{kind: "define", module: c.Name, binary: c.Binary})
		case "module":
			steps = append(steps, step{kind: "define", module: c.Name, binary: c.Binary},
				step{kind: "instantiate", module: c.Name, instance: c.Name})
		case "module_instance":
			steps = append(steps, step{kind: "instantiate", module: c.Module, instance: c.Instance})
		case "register":
			steps = append(steps, step{kind: "register", instance: c.Name, name: c.As})
		case "action":
			if c.Action == nil || c.Action.Type != "invoke" && c.Action.Type != "get" {
				return nil, fmt.Errorf("an action that is neither invoke nor get")
			}
			a := c.Action
			steps = append(steps, step{kind: a.Type, instance: a.Module, field: a.Field, args: a.Args})
		default:
			return nil, fmt.Errorf("there is no command of type %q", c.Type)
		}
	}
	return steps, nil
}
