;; gainsay:format 1
;; wasm3 0.5.0 loads 42: the dropped result of a call in a block becomes the result of the block
;; (§ exec/instructions, blocks).
(module $a
  (func (result i32) (i32.const 42))
  (table 11 funcref)
  (memory (export "") 1)
  (global (mut i64) (i64.const 0))
  (elem (i32.const 3) func 2 0 1 0)
  (func (export "f2") (local i64)
    (global.set 0
      (block (result i64)
        (drop
          (select (local.get 0) (local.get 0) (i32.const 0) (if (i32.const 0) (then (unreachable)))))
        (drop (call_indirect (result i32) (i32.const 6)))
        (i64.const 0))))
  (func (export "f3") (i64.store16 (i32.const 0) (global.get 0)))
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0))))
(assert_return (invoke $a "f2"))
(assert_return (invoke $a "f3"))
(assert_return (invoke $a "load" (i32.const 0)) (i64.const 0))
