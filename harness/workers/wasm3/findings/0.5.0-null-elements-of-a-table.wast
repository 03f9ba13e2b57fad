;; gainsay:format 1
;; wasm3 0.5.0 traps with "undefined element": a table is as long as its element segments reach
;; (§ exec/instructions, call_indirect; § exec/modules, instantiation).
(module $a
  (table 1 funcref)
  (func (export "f") (call_indirect (i32.const 0))))
(assert_trap (invoke $a "f") "uninitialized element")
