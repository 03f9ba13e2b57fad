;; wasmtime 48.0.8 with winch returns 0 (woken) where 2 (timed out) is right.
(module $a
  (memory 1 1 shared)
  (func (export "wait") (result i32 i32 i32)
    (i32.load (i32.const 0))
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))
    (i32.const 5)))
(assert_return (invoke $a "wait") (i32.const 0) (i32.const 2) (i32.const 5))
