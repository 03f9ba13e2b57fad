;; wasmtime 48.0.8 panics where it should trap (§ exec/instructions, load).
(module $a
  (memory (export "m") 0 1 shared)
  (func (export "load") (drop (i32.load (i32.const 0)))))
(register "a" $a)
(module $b (import "a" "m" (memory 0 1 shared)))
(assert_trap (invoke $a "load") "out of bounds memory access")
