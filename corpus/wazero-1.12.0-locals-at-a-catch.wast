;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-locals-at-a-catch.md
;; A local keeps what was written to it before an exception is thrown and caught
;; (§ exec/instructions, Control Instructions).
(module $a
  (tag $e)
  (func (export "f") (result i32) (local $x i32)
    (block $h
      (try_table (catch_all $h) (local.set $x (i32.const 1)) (throw $e)))
    (local.get $x)))
(assert_return (invoke $a "f") (i32.const 1))
