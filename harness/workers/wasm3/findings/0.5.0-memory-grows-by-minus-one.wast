;; gainsay:format 1
;; wasm3 0.5.0 returns 1: the sum of the pages overflows 32 bits, and the memory shrinks
;; (§ exec/instructions, memory.grow).
(module $a
  (memory 1 1)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size)))
(assert_return (invoke $a "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke $a "size") (i32.const 1))
