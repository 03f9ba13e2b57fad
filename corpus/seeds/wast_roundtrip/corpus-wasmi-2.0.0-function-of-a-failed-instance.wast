;; gainsay:format 1
;; gainsay:known-bug wasmi-eager 2.0.0 trophies/wasmi-2.0.0-function-of-a-failed-instance.md dies
;; gainsay:known-bug wasmi-lazy 2.0.0 trophies/wasmi-2.0.0-function-of-a-failed-instance.md dies
;; A function that an instance put in a table before its data segment trapped still
;; has that instance's memory (§ exec/modules, instantiation).
(module definition $A
  (table (export "t") 1 funcref)
  (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0))))
(module instance $a $A)
(register "a" $a)
(assert_trap
  (module
    (import "a" "t" (table 1 funcref))
    (memory 1)
    (func $size (result i32) (memory.size))
    (elem (i32.const 0) $size)
    (data (i32.const 65536) "x"))
  "out of bounds memory access")
(assert_return (invoke $a "f") (i32.const 1))
