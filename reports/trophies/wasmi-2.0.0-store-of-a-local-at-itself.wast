;; wasmi 2.0.0 panics while it compiles these stores (§ exec/instructions, store).
(module
  (memory 2)
  (func (export "far") (param i32) (result i32)
    (i32.store offset=65536
      (local.tee 0 (i32.add (local.get 0) (i32.const 4)))
      (local.get 0))
    (i32.load offset=65540 (i32.const 0))))
(assert_return (invoke "far" (i32.const 0)) (i32.const 4))
;; With several memories no large offset is needed.
(module
  (memory 0)
  (memory 1)
  (func (export "second") (param i32) (result i32)
    (i32.store 1 (local.tee 0 (i32.add (local.get 0) (i32.const 4))) (local.get 0))
    (i32.load 1 (i32.const 4))))
(assert_return (invoke "second" (i32.const 0)) (i32.const 4))
