;; gainsay:format 1
;; wamr-fast and wamr-classic 2.4.3 crash (SIGSEGV); as the tail call of an import, through a table
;; (§ exec/instructions, return_call_indirect).
(module $gainsay (func (export "mix0") (result f64) (f64.const -2.5)))
(register "gainsay" $gainsay)
(module $a
  (import "gainsay" "mix0" (func (result f64)))
  (table 1 funcref)
  (elem (i32.const 0) func 0)
  (func (export "f") (result f64) (return_call_indirect (result f64) (i32.const 0))))
(assert_return (invoke $a "f") (f64.const -2.5))
