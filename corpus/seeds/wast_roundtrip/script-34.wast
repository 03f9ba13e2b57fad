;; gainsay:format 1
(module definition $A
  (type (func (result externref v128)))
  (type (func (param f32) (result f64)))
  (type (func (param externref i32)))
  (type (func (param i32 f64 i64 i64)))
  (type (func (param f32 v128 f32 v128 v128) (result i32)))
  (table i64 0 12 funcref)
  (memory 0 0)
  (global (mut i64)
    (i64.mul
      (i64.mul
        (i64.const 2680265838603733451)
        (i64.mul
          (i64.const -3727640327599792832)
          (i64.mul
            (i64.mul
              (i64.const 3997854472221705203)
              (i64.mul
                (i64.const -5208000667949072090)
                (i64.mul (i64.const 3631922435630170842) (i64.const -4876378001652598509))))
            (i64.sub (i64.const -6831534989243422210) (i64.const -6400228948134150890)))))
      (i64.const 4160066835420109063)))
  (global f64 (f64.const -0x1.90829542283b5p+182))
  (global (mut v128) (v128.const i32x4 0x65362dd1 0xf41a0e8c 0x0097c364 0x205d1e02))
  (global (mut i32)
    (i32.add
      (i32.mul
        (i32.const 265476169)
        (i32.add
          (i32.const 1364471477)
          (i32.mul
            (i32.const 611249931)
            (i32.mul
              (i32.add
                (i32.const 1872989064)
                (i32.mul
                  (i32.const -1214938603)
                  (i32.add
                    (i32.const 349152063)
                    (i32.add (i32.const 2069365810) (i32.const -1513675811)))))
              (i32.const 1654620706)))))
      (i32.const 1796447770)))
  (global funcref (ref.func 1))
  (global (mut v128) (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000))
  (global (mut i32) (i32.const 0))
  (global (mut i64) (i64.const 0))
  (global (mut i64) (i64.const 0))
  (global (mut i32) (i32.const 100))
  (elem declare externref)
  (func (export "f0") (type 4) (param f32 v128 f32 v128 v128) (result i32) (local v128 f64)
    (if (i32.lt_u (global.get 9) (i32.const 4)) (then (global.set 9 (i32.const 100)) (unreachable)))
    (global.set 9 (i32.sub (global.get 9) (i32.const 4)))
    (global.set 8
      (i64.xor
        (i64.reinterpret_f64
          (select
            (local.tee 6
              (f64.load align=4
                (i16x8.all_true
                  (i64x2.neg
                    (i16x8.splat
                      (i32x4.extract_lane 2
                        (v128.bitselect
                          (local.tee 5
                            (f32x4.demote_f64x2_zero
                              (v128.const i32x4 0x69caec4d 0x114f66bf 0xe2a8f2c0 0x3e1b02c9)))
                          (v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000)
                          (f32x4.eq (local.get 5) (local.get 5))))))))
              (drop
                (ref.null extern)
                (global.set 7
                  (i64.xor
                    (table.size 0)
                    (local.set 4
                      (i32x4.trunc_sat_f32x4_s
                        (v128.const i32x4 0xe13e2219 0x2e27eaa3 0x3dc9a2d8 0x08f3581e)))
                    (drop
                      (loop (result externref)
                        (if
                          (i32.lt_u (global.get 9) (i32.const 1))
                          (then (global.set 9 (i32.const 100)) (unreachable)))
                        (global.set 9 (i32.sub (global.get 9) (i32.const 1)))
                        (br 0)
                        (global.set 5
                          (v128.xor
                            (v128.const i32x4 0x3534881f 0x8c8224ca 0x5391c00d 0x8fbe6850)
                            (global.set 5
                              (v128.xor
                                (block (result v128)
                                  (memory.size)
                                  (loop (type 0) (result externref v128)
                                    (if
                                      (i32.lt_u (global.get 9) (i32.const 1))
                                      (then (global.set 9 (i32.const 100)) (unreachable)))
                                    (global.set 9 (i32.sub (global.get 9) (i32.const 1)))
                                    (loop (type 0) (result externref v128)
                                      (if
                                        (i32.lt_u (global.get 9) (i32.const 1))
                                        (then (global.set 9 (i32.const 100)) (unreachable)))
                                      (global.set 9 (i32.sub (global.get 9) (i32.const 1)))
                                      (memory.size)
                                      (call_indirect (type 0) (table.size 0))
                                      (global.get 5)
                                      (v128.xor)
                                      (global.set 5)
                                      (drop)
                                      (global.get 6)
                                      (i32.xor)
                                      (global.set 6)
                                      (ref.null extern)
                                      (v128.const i32x4 0x8472964a 0x7b03c1b4 0x0802fa34 0xa734189f)))
                                  (global.get 5)
                                  (v128.xor)
                                  (global.set 5)
                                  (drop)
                                  (global.get 6)
                                  (i32.xor)
                                  (global.set 6)
                                  (v128.const i32x4 0x328edba8 0x20cf310c 0xa817286c 0xbe68da94))
                                (global.get 5)))
                            (global.get 5)))
                        (ref.null extern)))
                    (global.get 7)))))
            (f64.const nan)
            (f64.eq (local.get 6) (local.get 6))))
        (global.get 8)))
    (i32.const -16))
  (func (export "f1") (type 3) (param i32 f64 i64 i64) (local v128)
    (if (i32.lt_u (global.get 9) (i32.const 4)) (then (global.set 9 (i32.const 100)) (unreachable)))
    (global.set 9 (i32.sub (global.get 9) (i32.const 4)))
    (drop
      (ref.null extern)
      (global.set 7
        (i64.xor
          (i64.popcnt (i64.clz (table.size 0)))
          (global.set 6
            (i32.xor
              (block (result i32)
                (global.set 7
                  (i64.xor
                    (i64.extend16_s
                      (local.get 2)
                      (i64.store8
                        (memory.grow
                          (ref.is_null (ref.null func))
                          (if
                            (i32.lt_u (global.get 9) (i32.const 16))
                            (then (global.set 9 (i32.const 100)) (unreachable)))
                          (global.set 9 (i32.sub (global.get 9) (i32.const 16))))
                        (i64.popcnt (i64.load16_s (i32.load8_s (memory.size))))))
                    (elem.drop 0)
                    (global.set 6
                      (i32.xor
                        (block (result i32)
                          (i64x2.all_true
                            (v128.bitselect
                              (local.tee 4
                                (f64x2.sqrt (v128.load align=1 (i32.extend8_s (memory.size)))))
                              (v128.const i32x4 0x00000000 0x7ff80000 0x00000000 0x7ff80000)
                              (f64x2.eq (local.get 4) (local.get 4)))))
                        (global.get 6)))
                    (global.get 7)))
                (i32.const -130007246))
              (global.get 6)))
          (global.get 7)))))
  (func (export "f2") (type 0) (result externref v128) (local funcref v128)
    (if (i32.lt_u (global.get 9) (i32.const 4)) (then (global.set 9 (i32.const 100)) (unreachable)))
    (global.set 9 (i32.sub (global.get 9) (i32.const 4)))
    (global.set 6
      (i32.xor
        (i32.const 511)
        (block
          (drop
            (block (result externref)
              (global.set 5
                (v128.xor
                  (i16x8.extend_low_i8x16_u
                    (v128.bitselect
                      (local.tee 1 (f64x2.nearest (i16x8.extend_low_i8x16_s (global.get 2))))
                      (v128.const i32x4 0x00000000 0x7ff80000 0x00000000 0x7ff80000)
                      (f64x2.eq (local.get 1) (local.get 1))))
                  (global.set 7
                    (i64.xor
                      (global.get 0)
                      (br 1)
                      (nop)
                      (loop
                        (if
                          (i32.lt_u (global.get 9) (i32.const 1))
                          (then (global.set 9 (i32.const 100)) (unreachable)))
                        (global.set 9 (i32.sub (global.get 9) (i32.const 1))))
                      (global.set 5
                        (v128.xor
                          (f32x4.convert_i32x4_u
                            (v128.load32_lane 2
                              (i8x16.bitmask (global.get 2))
                              (i32x4.abs
                                (v128.bitselect
                                  (local.tee 1
                                    (f64x2.ceil
                                      (v128.const i32x4 0xfa29d12a 0xea2362a8 0xbb1fd42f 0x8b5e64fe)))
                                  (v128.const i32x4 0x00000000 0x7ff80000 0x00000000 0x7ff80000)
                                  (f64x2.eq (local.get 1) (local.get 1))))))
                          (drop
                            (ref.func 1)
                            (global.set 7
                              (i64.xor (i64.const -2033691065144779003) (block) (global.get 7))))
                          (global.get 5)))
                      (global.get 7)))
                  (global.get 5)))
              (ref.null extern))))
        (global.get 6)))
    (ref.null extern)
    (v128.const i32x4 0x1c5de575 0xfaa123ce 0x61d191be 0xb8b85f2e))
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "g3" (global 3))
  (export "g4" (global 4))
  (export "g5" (global 5))
  (export "g6" (global 6))
  (export "g7" (global 7))
  (export "g8" (global 8))
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "fuel" (global 9)))
(module instance $a $A)
(assert_trap (invoke $a "f0" (f32.const -117.0) (v128.const i32x4 0x0000001e 0x00000017 0x00000034 0x00000010) (f32.const -9.223372e18) (v128.const i32x4 0x00000001 0x00000000 0x00000000 0x80000000) (v128.const i32x4 0xc636bfc4 0x5f19ced8 0x169f6409 0x5e6fa953)) "out of bounds memory access")
(assert_trap (invoke $a "f1" (i32.const 60) (f64.const nan:0x4000000000001) (i64.const 33554431) (i64.const 51)) "out of bounds memory access")
(assert_return (invoke $a "f2") (ref.null extern) (v128.const i32x4 0x1c5de575 0xfaa123ce 0x61d191be 0xb8b85f2e))
(assert_trap (invoke $a "f0" (f32.const -113.0) (v128.const i32x4 0x00000033 0x00000013 0x0000000a 0x00000015) (f32.const 2147483600.0) (v128.const i32x4 0x00000001 0x00000001 0xffffffff 0x00000001) (v128.const i32x4 0xf427d37d 0x49898656 0x8f52c454 0xf0294b7e)) "out of bounds memory access")
(assert_trap (invoke $a "f1" (i32.const 48) (f64.const -nan:0x1) (i64.const 18) (i64.const 140737488355327)) "out of bounds memory access")
(assert_return (invoke $a "f2") (ref.null extern) (v128.const i32x4 0x1c5de575 0xfaa123ce 0x61d191be 0xb8b85f2e))
(assert_return (get $a "g0") (i64.const -8958493079469418496))
