;; wazero 1.12.0 gives another vector, its interpreter panics (§ exec/instructions, Control
;; Instructions).
(module
  (tag $e (param v128 i64))
  (func (export "f") (result v128 i64)
    (block $h (result v128 i64)
      (try_table (catch $e $h) (throw $e (v128.const i64x2 1 2) (i64.const 3)))
      (unreachable))))
(assert_return (invoke "f") (v128.const i64x2 1 2) (i64.const 3))
