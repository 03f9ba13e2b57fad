;; gainsay:format 1
;; gainsay:known-bug wasmi-eager 2.0.0 trophies/wasmi-2.0.0-select-on-eqz-of-a-local.md
;; gainsay:known-bug wasmi-lazy 2.0.0 trophies/wasmi-2.0.0-select-on-eqz-of-a-local.md
;; The condition of a select is a zero test of a local, and another integer was
;; computed just before (§ exec/instructions, select; § exec/numerics, ieqz).
(module definition $A
  (func (export "eqz") (param i32) (result i32)
    (select (i32.const 10) (i32.const 20) (i32.eqz (local.get 0))))
  (func (export "eqz_after_add") (param i32 i64) (result i32)
    (drop (i64.add (local.get 1) (i64.const 1)))
    (select (i32.const 10) (i32.const 20) (i32.eqz (local.get 0))))
  (func (export "ne_zero") (param i32) (result i32)
    (select (i32.const 10) (i32.const 20) (i32.ne (local.get 0) (i32.const 0)))))
(module instance $a $A)
(assert_return (invoke $a "eqz" (i32.const 0)) (i32.const 10))
(assert_return (invoke $a "eqz" (i32.const 1)) (i32.const 20))
(assert_return (invoke $a "eqz_after_add" (i32.const 0) (i64.const 6)) (i32.const 10))
(assert_return (invoke $a "eqz_after_add" (i32.const 1) (i64.const -1)) (i32.const 20))
(assert_return (invoke $a "ne_zero" (i32.const 0)) (i32.const 20))
(assert_return (invoke $a "ne_zero" (i32.const 1)) (i32.const 10))
