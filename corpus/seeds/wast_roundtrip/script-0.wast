;; gainsay:format 1
;; gainsay-step: sections import data-count
(module definition $A
  (table 0 funcref)
  (memory 1 1)
  (memory 1 1)
  (global (mut i32) (i32.const 100))
  (func (export "f0") (param i32 funcref externref) (result f32)
    (local i32 funcref f64 f64 externref f64 f32)
    (if (i32.lt_u (global.get 0) (i32.const 4)) (then (global.set 0 (i32.const 100)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (drop
      (br_if 0
        (block (result f32)
          (f64.store 1 offset=45 align=4
            (i32.and (local.get 3) (i32.const 4095))
            (select
              (local.tee 8
                (f64.reinterpret_i64
                  (i64.trunc_sat_f64_u
                    (f64.reinterpret_i64 (i64.trunc_f64_s (f64.nearest (local.get 6)))))))
              (f64.const nan)
              (f64.eq (local.get 8) (local.get 8))))
          (block (br_table 0 0 (i32.load8_u offset=16 (i32.and (local.get 0) (i32.const 63)))))
          (drop
            (br_if 0
              (f32.load 1 (i32.and (local.get 3) (i32.const 63)))
              (if (result i32) (local.get 3) (then (local.get 0)) (else (local.get 0)))))
          (call_indirect (param i32 funcref externref) (result f32)
            (local.get 0)
            (ref.func 0)
            (local.get 7)
            (i32.const 44)))
        (i32.trunc_f64_u (f64.convert_i32_s (i32.and (local.get 0) (local.get 3))))))
    (i32.or
      (i32.const 13)
      (if (result i32) (local.get 3) (then (local.get 0)) (else (i32.const 127))))
    (local.get 1)
    (select (result externref)
      (local.get 2)
      (block (result externref)
        (f32.store align=2
          (i32.and (i32.trunc_f64_s (f64.convert_i32_s (local.get 3))) (i32.const 63))
          (select
            (local.tee 9
              (f32.convert_i64_s
                (i64.extend_i32_u
                  (i32.gt_u
                    (i32.trunc_f64_s (f64.convert_i32_s (i32.trunc_sat_f64_u (local.get 5))))
                    (i64.lt_u (i64.const 24) (select (i64.const 11) (i64.const 16) (local.get 3)))))))
            (f32.const nan)
            (f32.eq (local.get 9) (local.get 9))))
        (drop (br_if 0 (local.get 2) (local.get 0)))
        (ref.null extern))
      (i32.popcnt (local.get 3)))
    (drop
      (block (param i32 funcref externref) (result f32)
        (drop)
        (local.set 4)
        (drop)
        (local.set 2 (local.get 7))
        (local.set 1 (local.get 1))
        (f32.ceil
          (f32.add
            (f32.convert_i32_u (i32.const -1793241405))
            (f32.add (f32.const 104) (f32.const 17))))))
    (f32.load 1 (i32.and (i32.const 1) (i32.const 63))))
  (func (export "f1") (result f32) (local i32 f32 i32 externref i32 f32)
    (if (i32.lt_u (global.get 0) (i32.const 4)) (then (global.set 0 (i32.const 100)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (local.set 2 (i32.const 9))
    (loop
      (if
        (i32.lt_u (global.get 0) (i32.const 1))
        (then (global.set 0 (i32.const 100)) (unreachable)))
      (global.set 0 (i32.sub (global.get 0) (i32.const 1)))
      (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
    (local.set 4 (local.tee 0 (local.get 0)))
    (local.set 2
      (local.tee 4
        (i32.trunc_sat_f32_u
          (f32.copysign
            (f32.convert_i64_u (i64.shr_s (i64.const 31) (i64.const 26)))
            (select
              (local.tee 5 (local.get 1))
              (f32.const nan)
              (f32.eq (local.get 5) (local.get 5)))))))
    (f32.max
      (f32.sub
        (f32.min (f32.convert_i64_s (i64.trunc_sat_f32_u (local.get 1))) (local.get 1))
        (f32.convert_i32_u (ref.is_null (table.get 0 (local.get 4)))))
      (f32.trunc (f32.floor (local.get 1)))))
  (data (i32.const 33) "K}\22x(\86\e0\a8\8e\9b\8a\1a\cdY")
  (data (memory 1) (i32.const 22) "\ae\19\b9\c3G\cc\ee\93\c6\c4\84\a4\f0")
  (data "$\bd\8b0^\01{\fd\c1@Jn")
  (export "m0" (memory 0))
  (export "m1" (memory 1))
  (export "t0" (table 0))
  (export "fuel" (global 0)))
(module instance $a $A)
(assert_return (invoke $a "f0" (i32.const 1) (ref.null func) (ref.null extern)) (f32.const 0.0))
(assert_trap (invoke $a "f1") "out of bounds table access")
(assert_return (invoke $a "f0" (i32.const 52) (ref.null func) (ref.extern 6)) (f32.const 0.0))
(assert_trap (invoke $a "f1") "out of bounds table access")
(assert_return (invoke $a "f0" (i32.const 9) (ref.null func) (ref.extern 5)) (f32.const 0.0))
(assert_trap (invoke $a "f1") "out of bounds table access")
