;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-element-segment-out-of-bounds.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-element-segment-out-of-bounds.md
;; An active element segment that does not fit is a trap, and no segment is executed after
;; it (§ exec/modules, Instantiation).
(module $o
  (table (export "t") 1 funcref)
  (memory (export "m") 1)
  (func (export "first") (result i32) (i32.load8_u (i32.const 0))))
(register "o" $o)
(assert_trap
  (module
    (import "o" "t" (table 1 funcref)) (import "o" "m" (memory 1))
    (func $f)
    (elem (i32.const 1) $f)
    (data (i32.const 0) "x"))
  "out of bounds table access")
(assert_return (invoke $o "first") (i32.const 0))
