;; gainsay:format 1
;; gainsay-step: sections import data-count
(module definition $A
  (type (struct))
  (type (array v128))
  (type (sub (struct (field (mut i16)) (field (mut v128)))))
  (type (array (mut i8)))
  (type (func (param (ref null 0)) (result (ref null 0))))
  (type (func (param v128 (ref null 0) i32)))
  (type (func (result v128 (ref null 0) i32)))
  (type (func (result v128 (ref null 0) i32 exnref)))
  (type (func (param f64) (result i32)))
  (type (func (param externref) (result f64)))
  (type (func (param anyref (ref null 4)) (result f64 i32)))
  (table 9 9 (ref null 4))
  (memory i64 198 199 shared (pagesize 0x1))
  (tag (type 5) (param v128 (ref null 0) i32))
  (global (mut (ref null 0)) (ref.null 0))
  (global (mut externref) (ref.null extern))
  (global eqref (ref.i31 (i32.const 72)))
  (global (mut i32) (i32.const 100))
  (elem func 0 2 0 0 2)
  (func (export "f0") (type 8) (param f64) (result i32) (local i32 exnref)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 100)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (v128.store8_lane 15
      (i64.and
        (i64.div_u
          (i64.shr_s
            (i64.xor (i64.const 2668532923735944936) (i64.const 3))
            (i64.trunc_sat_f32_s (f32.const 0x1.4175b8p+123)))
          (i64.or (i64.const 127) (i64.const 1)))
        (i64.const 63))
      (f64x2.pmax
        (v128.const i32x4 0x72ec00e1 0xa675f9a2 0x9c1a1540 0xb6a370f9)
        (v128.const i32x4 0x0000003d 0x00000000 0x00000007 0x00000000)))
    (local.get 1))
  (func (export "f1") (type 9) (param externref) (result f64) (local i32 externref i32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 100)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (struct.set 2 1
      (struct.new 2
        (i32.sub
          (struct.get_s 2 0
            (struct.new 2
              (i32.const 262144)
              (v128.const i32x4 0x7fffffff 0x00000000 0x00007fff 0x00000000)))
          (ref.test i31ref (ref.i31 (i32.const 1))))
        (v128.const i32x4 0x00000000 0x404b0000 0x00000000 0x40000000))
      (v128.const i32x4 0xfffffffd 0x0000000d 0x0000002b 0x00000001))
    (f64.const -96))
  (func (export "f2") (type 10) (param anyref (ref null 4)) (result f64 i32)
    (local i32 (ref null 0) (ref null 0) (ref null 2) i64 i32 exnref)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 100)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (if
      (i8x16.bitmask (v128.const i32x4 0x0000007f 0x00000000 0x00000000 0xffffffff))
      (then
        (throw 0
          (i16x8.ge_s
            (v128.const i32x4 0x63858bd7 0x9ebe56b4 0x1cdfecdf 0x079c1d52)
            (v128.const i32x4 0x00000000 0xc03e0000 0x00000000 0x401c0000))
          (block (result (ref 0)) (drop (br_on_cast 0 anyref (ref 0) (local.get 0))) (struct.new 0))
          (local.get 7))))
    (f64.const -15)
    (local.get 7))
  (data (i64.const 3) "\c2\b1\1b\d5\ba\da\0cn\ab\a6\9c\bc-\10\f5\08\aeGW\97\e2\a7")
  (data "\d1\ba\82_4\811u!|\9f\bc\9c")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "fuel" (global 3)))
(module instance $a $A)
(assert_return (invoke $a "f0" (f64.const 8.008175012258436e-6)) (i32.const 0))
(assert_return (invoke $a "f1" (ref.null extern)) (f64.const -96.0))
(assert_exception (invoke $a "f2" (ref.null any) (ref.null func)))
(assert_return (invoke $a "f0" (f64.const -26.0)) (i32.const 0))
(assert_return (invoke $a "f1" (ref.null extern)) (f64.const -96.0))
(assert_exception (invoke $a "f2" (ref.null any) (ref.null func)))
(assert_return (invoke $a "f0" (f64.const 107.0)) (i32.const 0))
(assert_return (invoke $a "f1" (ref.extern 4)) (f64.const -96.0))
(assert_exception (invoke $a "f2" (ref.null any) (ref.null func)))
