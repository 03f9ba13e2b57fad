;; wasmi 2.0.0 chooses by what an earlier operation left behind instead of by local 0
;; (§ exec/instructions, select; § exec/numerics, ieqz).
(module
  (func (export "eqz") (param i32) (result i32)
    (select (i32.const 10) (i32.const 20) (i32.eqz (local.get 0))))
  (func (export "eqz_after_add") (param i32 i64) (result i32)
    (drop (i64.add (local.get 1) (i64.const 1)))
    (select (i32.const 10) (i32.const 20) (i32.eqz (local.get 0))))
  (func (export "ne_zero") (param i32) (result i32)
    (select (i32.const 10) (i32.const 20) (i32.ne (local.get 0) (i32.const 0)))))
(assert_return (invoke "eqz" (i32.const 0)) (i32.const 10))
(assert_return (invoke "eqz" (i32.const 1)) (i32.const 20))
(assert_return (invoke "eqz_after_add" (i32.const 0) (i64.const 6)) (i32.const 10))
(assert_return (invoke "eqz_after_add" (i32.const 1) (i64.const -1)) (i32.const 20))
(assert_return (invoke "ne_zero" (i32.const 0)) (i32.const 20))
(assert_return (invoke "ne_zero" (i32.const 1)) (i32.const 10))
;; ref.is_null is compiled as a comparison with zero and fails alike.
(module
  (func (export "is_null") (param externref) (result i32)
    (select (i32.const 10) (i32.const 20) (ref.is_null (local.get 0)))))
(assert_return (invoke "is_null" (ref.null extern)) (i32.const 10))
(assert_return (invoke "is_null" (ref.extern 1)) (i32.const 20))
