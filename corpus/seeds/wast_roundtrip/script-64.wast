;; gainsay:format 1
(module $gainsay
  (func (export "mix0_ref_ref") (param funcref externref) (result f32) (f32.const 1.5))
  (func (export "fail2_f32_v128") (param f32 v128) (result f32 v128 funcref) (unreachable))
  (func (export "mix3_f64") (param f64) (result f64 funcref v128)
    (local.get 0)
    (ref.null func)
    (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c)))
(register "gainsay" $gainsay)
(module definition $A
  (type (sub (array (mut i32))))
  (type (array (mut f32)))
  (type (sub (struct (field (mut i32)) (field (mut eqref)) (field (mut i16)))))
  (type (func (param funcref externref) (result f32)))
  (type (func (param f32 v128) (result f32 v128 funcref)))
  (type (func (param f64) (result f64 funcref v128)))
  (type (func (result eqref)))
  (type (func (param v128)))
  (type (func (result v128 exnref)))
  (type (func (result f32 f64)))
  (type (func (param anyref f32) (result anyref)))
  (type (func (param i32 f32) (result v128 v128 f64)))
  (import "gainsay" "mix0_ref_ref" (func (type 3) (param funcref externref) (result f32)))
  (import "gainsay" "fail2_f32_v128" (func (type 4) (param f32 v128) (result f32 v128 funcref)))
  (import "gainsay" "mix3_f64" (func (type 5) (param f64) (result f64 funcref v128)))
  (table 5 5 funcref)
  (memory 1 3)
  (tag (type 7) (param v128))
  (global (mut i32) (i32.const 1000))
  (elem (i32.const 1) func 5 1 4 0)
  (func (type 9) (result f32 f64) (local i32 anyref eqref f64 (ref null 1) exnref)
    (if
      (i32.lt_u (global.get 0) (i32.const 4))
      (then (global.set 0 (i32.const 1000)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (i32.store16 offset=10
      (i32.and (i32.const -1) (i32.const 4095))
      (i32.gt_s
        (struct.get_s 2 2
          (struct.new 2
            (i32.lt_u
              (f64.eq (local.get 3) (f64.const 0x1.4b5ba48b8c99cp+682))
              (local.tee 0 (i32.const 61)))
            (local.get 2)
            (block (result i32)
              (struct.set 2 0
                (struct.new 2
                  (ref.is_null
                    (call_indirect (type 10)
                      (struct.new 2 (i32.const 1048576) (ref.null eq) (i32.const 0))
                      (f32.const -35)
                      (i32.const 3)))
                  (select (result eqref)
                    (select (result eqref) (local.get 2) (ref.i31 (i32.const -1)) (local.get 0))
                    (struct.new 2 (i32.const -1) (ref.null eq) (i32.const 53))
                    (select (local.get 0) (local.get 0) (local.get 0)))
                  (local.get 0))
                (local.tee 0 (i64.lt_s (i64.const 46) (i64.const 4509958888660732136))))
              (drop (br_if 0 (i32.const 0) (local.get 0)))
              (i32.const 10))))
        (local.get 0)))
    (f32.const 27)
    (f64.const -125))
  (func (type 10) (param anyref f32) (result anyref) (local i32 f64)
    (if
      (i32.lt_u (global.get 0) (i32.const 4))
      (then (global.set 0 (i32.const 1000)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (local.get 0))
  (func (type 11) (param i32 f32) (result v128 v128 f64) (local i32 (ref null 6) i32 i32 v128)
    (if
      (i32.lt_u (global.get 0) (i32.const 4))
      (then (global.set 0 (i32.const 1000)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (i32.store
      (i32.and
        (i16x8.all_true
          (i8x16.shuffle 18 7 31 13 25 1 13 25 26 6 3 6 10 18 12 22
            (v128.const i32x4 0xfd090712 0xde5d7386 0xba46d89f 0x80015496)
            (i32x4.extend_high_i16x8_s
              (v128.const i32x4 0xefbaef83 0x5bb413df 0x30c294fa 0xba5b56ea))))
        (i32.const 4095))
      (i64.le_u
        (i64.trunc_sat_f64_u
          (f64.load offset=8 align=1
            (i32.and
              (i32.rem_s
                (ref.is_null (struct.new 2 (i32.const 38) (ref.null eq) (i32.const 16777215)))
                (i32.or (local.tee 2 (local.get 4)) (i32.const 1)))
              (i32.const 4095))))
        (i64.load8_u (i32.and (local.get 2) (i32.const 63)))))
    (i64x2.extend_low_i32x4_s
      (i64x2.eq
        (v128.bitselect
          (local.tee 6
            (f64x2.div
              (v128.load64_lane offset=50 align=1 1
                (i32.and (local.get 4) (i32.const 63))
                (v128.const i32x4 0x42340000 0x42ce0000 0xc2ac0000 0x42b40000))
              (v128.const i32x4 0xc2ce0000 0xc2a80000 0x42780000 0x42800000)))
          (v128.const i32x4 0x00000000 0x7ff80000 0x00000000 0x7ff80000)
          (f64x2.eq (local.get 6) (local.get 6)))
        (v128.const i32x4 0x0000ffff 0x00000000 0x00008000 0xffffffff)))
    (v128.const i32x4 0x00000000 0x4059c000 0x00000000 0x405fc000)
    (f64.const -23))
  (export "f0" (func 0))
  (export "f1" (func 1))
  (export "f2" (func 2))
  (export "f3" (func 3))
  (export "f4" (func 4))
  (export "f5" (func 5))
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "fuel" (global 0)))
(module instance $a $A)
(register "a" $a)
;; gainsay-step: sections memory
(module definition $B
  (type (sub (array (mut funcref))))
  (type (struct (field (mut eqref)) (field (mut f64))))
  (type (array (mut i8)))
  (type (sub (array i32)))
  (type (func (param funcref externref) (result f32)))
  (type (func (param f64) (result f64 funcref v128)))
  (type (func (result f32 f64)))
  (type (func (param anyref f32) (result anyref)))
  (type (func (param v128)))
  (type (func (result i31ref)))
  (type (func (param (ref null 2) (ref null 2))))
  (type (func (param f64 (ref null 1))))
  (type (func (result v128 exnref)))
  (type (func (result (ref null 2) (ref null 2))))
  (type (func (result (ref null 2) (ref null 2) exnref)))
  (type (func (result f64 (ref null 1))))
  (type (func (result f64 (ref null 1) exnref)))
  (type (func (result (ref null 9))))
  (import "a" "f0" (func (type 4) (param funcref externref) (result f32)))
  (import "a" "f2" (func (type 5) (param f64) (result f64 funcref v128)))
  (import "a" "f3" (func (type 6) (result f32 f64)))
  (import "a" "f4" (func (type 7) (param anyref f32) (result anyref)))
  (import "a" "m0" (memory 1 3))
  (import "a" "t0" (table 5 5 funcref))
  (import "a" "e0" (tag (type 8) (param v128)))
  (table 0 1 (ref null 9))
  (tag (type 10) (param (ref null 2) (ref null 2)))
  (tag (type 11) (param f64 (ref null 1)))
  (global (mut anyref) (ref.null any))
  (global (mut v128) (v128.const i32x4 0xfffffffe 0x00000030 0x00000007 0x0000000e))
  (global (mut i32) (i32.const 1000))
  (elem (i32.const 1) func 0 2)
  (func (export "f4") (type 11) (param f64 (ref null 1)) (local i32 f32)
    (if
      (i32.lt_u (global.get 2) (i32.const 4))
      (then (global.set 2 (i32.const 1000)) (unreachable)))
    (global.set 2 (i32.sub (global.get 2) (i32.const 4)))
    (i64.store16 align=1
      (i32.and
        (select (result i32)
          (ref.is_null (ref.i31 (i32.const 12)))
          (array.get 3
            (array.new 3
              (local.get 2)
              (i32.and
                (i32.const 12)
                (if
                  (i32.lt_u (global.get 2) (i32.const 16))
                  (then (global.set 2 (i32.const 1000)) (unreachable)))
                (global.set 2 (i32.sub (global.get 2) (i32.const 16)))
                (i32.const 63)))
            (i32.and (local.get 2) (i32.const 3)))
          (i32.const -2147483647))
        (i32.const 63))
      (i64.const 4398046511105)))
  (func (export "f5") (type 17) (result (ref null 9)) (local i32 funcref exnref f64)
    (if
      (i32.lt_u (global.get 2) (i32.const 4))
      (then (global.set 2 (i32.const 1000)) (unreachable)))
    (global.set 2 (i32.sub (global.get 2) (i32.const 4)))
    (block
      (br_table 0 0 0 0 0
        (i64.ge_s
          (block (result i64) (i64.shr_s (i64.const 1475653054052226073) (i64.const 6)))
          (i64.reinterpret_f64
            (select
              (local.tee 3
                (block (result f64) (drop (br_if 0 (f64.const -46) (local.get 0))) (f64.const 99)))
              (f64.const nan)
              (f64.eq (local.get 3) (local.get 3)))))))
    (ref.null 9))
  (data (i32.const 37) "%\f2\07\aa\97\c8\0bh\e3")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "t1" (table 1))
  (export "e1" (tag 1))
  (export "e2" (tag 2))
  (export "fuel" (global 2)))
(module instance $b $B)
(assert_return (invoke $a "f0" (ref.null func) (ref.extern 6)) (f32.const 1.5))
;; gainsay-step: host-error
(assert_trap (invoke $a "f1" (f32.const 93766.57) (v128.const i32x4 0x00000021 0x00000000 0x00000028 0x00000000)) "unreachable")
(assert_return (invoke $a "f2" (f64.const 52.0)) (f64.const 52.0) (ref.null func) (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c))
(assert_return (invoke $a "f3") (f32.const 27.0) (f64.const -125.0))
(assert_return (invoke $a "f4" (ref.null any) (f32.const -9.0)) (ref.null any))
(assert_return (invoke $a "f5" (i32.const 4095) (f32.const 69.0)) (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000) (v128.const i32x4 0x00000000 0x4059c000 0x00000000 0x405fc000) (f64.const -23.0))
(assert_return (invoke $b "f4" (f64.const -1.7976931348623157e308) (ref.null any)))
(assert_return (invoke $b "f5") (ref.null func))
(assert_return (invoke $a "f0" (ref.null func) (ref.extern 6)) (f32.const 1.5))
;; gainsay-step: host-error
(assert_trap (invoke $a "f1" (f32.const nan:0x7fffff) (v128.const i32x4 0x7fffffff 0x00000000 0x00000000 0x80000000)) "unreachable")
(assert_return (invoke $a "f2" (f64.const -125.0)) (f64.const -125.0) (ref.null func) (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c))
(assert_return (invoke $a "f3") (f32.const 27.0) (f64.const -125.0))
(assert_return (invoke $a "f4" (ref.null any) (f32.const -35.0)) (ref.null any))
(assert_return (invoke $a "f5" (i32.const -2147483648) (f32.const -1.550671e-7)) (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000) (v128.const i32x4 0x00000000 0x4059c000 0x00000000 0x405fc000) (f64.const -23.0))
(assert_return (invoke $b "f4" (f64.const -1.7976931348623157e308) (ref.null any)))
(assert_return (invoke $b "f5") (ref.null func))
(assert_return (invoke $a "f0" (ref.null func) (ref.extern 6)) (f32.const 1.5))
;; gainsay-step: host-error
(assert_trap (invoke $a "f1" (f32.const -9.698033e-13) (v128.const i32x4 0x00000000 0x3fe00000 0x00000000 0xbff00000)) "unreachable")
(assert_return (invoke $a "f2" (f64.const -54.0)) (f64.const -54.0) (ref.null func) (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c))
(assert_return (invoke $a "f3") (f32.const 27.0) (f64.const -125.0))
(assert_return (invoke $a "f4" (ref.null any) (f32.const -11.0)) (ref.null any))
(assert_return (invoke $a "f5" (i32.const 262143) (f32.const -85.0)) (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000) (v128.const i32x4 0x00000000 0x4059c000 0x00000000 0x405fc000) (f64.const -23.0))
(assert_return (invoke $b "f4" (f64.const 0.5) (ref.null any)))
(assert_return (invoke $b "f5") (ref.null func))
(assert_return (get $b "g0") (ref.null any))
