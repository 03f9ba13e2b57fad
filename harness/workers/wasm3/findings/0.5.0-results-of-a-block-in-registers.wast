;; gainsay:format 1
;; wasm3 0.5.0 returns 0: of two floats among the results of a block one is lost
;; (§ exec/instructions, blocks).
(module $a
  (func (export "f") (result f64) (local f64 i64)
    (block (result f64 i64 f64) (f64.const 1) (i64.const 0) (f64.const 0))
    (local.set 0)
    (local.set 1)))
(assert_return (invoke $a "f") (f64.const 1))
