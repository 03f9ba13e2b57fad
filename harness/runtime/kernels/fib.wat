;; run(22)
(module
  (func $fib (param i32) (result i32)
    (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (local.get 0))))
    (i32.add
      (call $fib (i32.sub (local.get 0) (i32.const 1)))
      (call $fib (i32.sub (local.get 0) (i32.const 2)))))
  (func (export "run") (param i32) (result i64)
    (i64.extend_i32_s (call $fib (local.get 0)))))
