;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-vector-in-an-exception.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-vector-in-an-exception.md
;; An exception has the values that were thrown, vectors among them
;; (§ exec/instructions, Control Instructions).
(module $a
  (tag $e (param v128 i64))
  (func (export "f") (result v128 i64)
    (block $h (result v128 i64)
      (try_table (catch $e $h) (throw $e (v128.const i64x2 1 2) (i64.const 3)))
      (unreachable))))
(assert_return (invoke $a "f") (v128.const i64x2 1 2) (i64.const 3))
