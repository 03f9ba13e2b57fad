;; The element segment is written before the data segment traps, and what is
;; written stays (§ exec/modules, instantiation). wasmi 2.0.0 then runs the function
;; with an instance that was never filled in, and the process dies of SIGSEGV.
(module $a
  (table (export "t") 1 funcref)
  (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0))))
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
