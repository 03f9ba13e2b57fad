;; wazero 1.12.0 (compiler) gives 0 (§ exec/instructions, Control Instructions).
(module
  (tag $e)
  (func (export "f") (result i32) (local $x i32)
    (block $h
      (try_table (catch_all $h) (local.set $x (i32.const 1)) (throw $e)))
    (local.get $x)))
(assert_return (invoke "f") (i32.const 1))
