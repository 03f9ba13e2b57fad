;; gainsay:format 1
(module $gainsay
  (func (export "mix0_f64_f64_i32") (param f64 f64 i32))
  (func (export "mix1_f64") (param f64) (result f32) (f32.const 1.5))
  (func (export "mix2_f64_v128") (param f64 v128) (result f32 i32) (f32.const 1.5) (i32.const 42))
  (func (export "mix0") (result i64 f32) (i64.const -42) (f32.const 1.5)))
(register "gainsay" $gainsay)
(module definition $A
  (type (array (mut f32)))
  (type (sub (struct (field (mut i16)))))
  (type (sub final 1 (struct (field (mut i16)))))
  (type (func (param f64 f64 i32)))
  (type (func (param f64) (result f32)))
  (type (func (param f64 v128) (result f32 i32)))
  (type (func (param f32) (result externref)))
  (type (func (param i32 (ref null 6) (ref null 1))))
  (type (func))
  (type (func (result i32 (ref null 6) (ref null 1))))
  (type (func (result i32 (ref null 6) (ref null 1) exnref)))
  (type (func (result (ref null 1) v128 f32)))
  (type (func (param v128) (result anyref i64)))
  (type (func (param funcref i31ref) (result i31ref)))
  (import "gainsay" "mix0_f64_f64_i32" (func (type 3) (param f64 f64 i32)))
  (import "gainsay" "mix1_f64" (func (type 4) (param f64) (result f32)))
  (import "gainsay" "mix2_f64_v128" (func (type 5) (param f64 v128) (result f32 i32)))
  (table 9 (ref null 6))
  (memory 1 2)
  (memory 0 0 shared)
  (tag (type 7) (param i32 (ref null 6) (ref null 1)))
  (tag (type 8))
  (global (mut i31ref) (ref.i31 (i32.const 68)))
  (global (mut i31ref) (ref.i31 (i32.const 18)))
  (global (mut v128) (v128.const i32x4 0x428c0000 0x42960000 0x42ca0000 0xc2e00000))
  (global (mut i32) (i32.const 400))
  (elem func 2 3 2 1 4 2)
  (func (export "f3") (type 11) (result (ref null 1) v128 f32) (local i32 i64 f64 f32 i64)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (drop
      (call 6
        (ref.func 3)
        (call_ref 13
          (ref.func 6)
          (call_ref 13
            (ref.func 4)
            (call_ref 13 (ref.null func) (ref.null i31) (ref.func 6))
            (ref.func 6))
          (ref.func 6))))
    (block
      (drop (br_on_null 0 (ref.null 1)))
      (local.set 0
        (i32.shr_s (local.get 0) (i32.atomic.load offset=28 (i32.and (local.get 0) (i32.const 60))))))
    (select (result (ref null 1))
      (struct.new 1 (i32.const 0))
      (select (result (ref null 1)) (ref.null 1) (struct.new_default 1) (local.get 0))
      (memory.grow
        (i32.const 1)
        (if
          (i32.lt_u (global.get 3) (i32.const 16))
          (then (global.set 3 (i32.const 400)) (unreachable)))
        (global.set 3 (i32.sub (global.get 3) (i32.const 16)))))
    (v128.const i32x4 0x0000001c 0x0000002c 0x0000003a 0x0000002c)
    (local.tee 3
      (f32.load align=2
        (i32.and
          (i32.load offset=26 align=1 (i32.and (ref.is_null (ref.null 6)) (i32.const 63)))
          (i32.const 63)))))
  (func (export "f4") (type 12) (param v128) (result anyref i64) (local i32 i32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (i64.atomic.store16 offset=31280
      (i32.and
        (if (result i32)
          (i32.clz (local.tee 1 (local.get 1)))
          (then
            (i32.add
              (f64.ne (f64.const -9) (f64.const 0x1.068d6d8743f79p+236))
              (struct.get_u 1 0 (struct.new 1 (i32.const 48)))))
          (else
            (data.drop 0)
            (i32.sub
              (block (result i32)
                (drop (br_if 0 (i32.const -2133120583) (local.get 1)))
                (local.get 2))
              (local.get 2))))
        (i32.const 4094))
      (i64.load16_s offset=19 align=1
        (i32.and
          (ref.test
            (ref null 0)
            (block (result eqref)
              (if (result eqref)
                (ref.is_null (ref.null any))
                (then
                  (i32.atomic.store 1
                    (i32.load offset=63 align=2
                      (i32.and
                        (if (result i32)
                          (i64.le_s (i64.const 28) (i64.const -2))
                          (then (i64x2.all_true (local.get 0)))
                          (else
                            (f64.load 1
                              (if (result i32)
                                (local.get 2)
                                (then (local.get 2))
                                (else (local.get 2))))
                            (v128.load32_splat
                              (i32.and
                                (struct.get_u 2 0 (struct.new 2 (i32.const 28)))
                                (i32.const 63)))
                            (block (type 5) (param f64 v128) (result f32 i32)
                              (local.set 0)
                              (drop)
                              (v128.store 1 align=1
                                (i32.const 32767)
                                (v128.const i32x4 0x0000000d 0x00000000 0x00000006 0x00000000))
                              (f32.const 50)
                              (i32.const 38))
                            (local.set 1)
                            (drop)
                            (local.get 1)))
                        (i32.const 4095)))
                    (local.get 1))
                  (ref.i31 (i32.const 6)))
                (else (ref.null eq)))))
          (i32.const 63))))
    (struct.new 1 (i32.const 24))
    (i64.const 28))
  (func (export "f5") (type 9) (result i32 (ref null 6) (ref null 1))
    (local i32 externref externref)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (br_if 0
      (local.tee 0 (if (result i32) (i32.const 15) (then (local.get 0)) (else (local.get 0))))
      (select (result (ref null 6))
        (ref.null 6)
        (if (result (ref null 6))
          (i32.const 19)
          (then
            (if
              (block (result i32)
                (if
                  (if (result i32)
                    (i32.gt_u (local.get 0) (i32.const 31))
                    (then (struct.get_s 2 0 (struct.new 2 (i32.const 39))))
                    (else
                      (drop
                        (br_if 2
                          (table.get 0 (i32.and (local.tee 0 (i32.const 8191)) (i32.const 7)))
                          (block (result i32) (i32.load16_u 1 align=1 (i32.const 255)))))
                      (struct.get_u 1 0 (struct.new 1 (i32.const 65535)))))
                  (then
                    (i32.store8 offset=13
                      (i32.and (table.size 0) (i32.const 63))
                      (i31.get_u
                        (ref.i31
                          (memory.atomic.notify offset=56
                            (i32.and
                              (select (local.get 0) (i32.const 12) (i32.const -2147483648))
                              (i32.const 32764))
                            (block (result i32)
                              (f32.convert_i64_s
                                (i64.trunc_f32_u (f32.convert_i32_s (local.get 0))))
                              (local.set 1
                                (block (type 6) (param f32) (result externref)
                                  (drop)
                                  (if (local.get 0) (then (throw 1)))
                                  (local.get 1)))
                              (local.get 0))))))))
                (i32.const -1))
              (then))
            (ref.null 6))
          (else (ref.null 6)))
        (local.get 0))
      (struct.new 1 (i32.const -1))
      (i32.const 39))
    (drop)
    (drop)
    (local.set 0)
    (i32.const 63)
    (ref.null 6)
    (ref.null 1))
  (func (export "f6") (type 13) (param funcref i31ref) (result i31ref) (local i32 (ref null 1) f32)
    (if (i32.lt_u (global.get 3) (i32.const 4)) (then (global.set 3 (i32.const 400)) (unreachable)))
    (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
    (local.set 2 (i32.const 10))
    (loop
      (if
        (i32.lt_u (global.get 3) (i32.const 1))
        (then (global.set 3 (i32.const 400)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 1)))
      (if
        (i32.shl
          (ref.is_null (ref.null any))
          (i64x2.all_true (v128.const i32x4 0xc1f80000 0xc2800000 0xc2180000 0xc20c0000)))
        (then (throw 1)))
      (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
    (if
      (i31.get_u (ref.i31 (local.get 2)))
      (then
        (throw 0
          (i32.shr_u
            (local.tee 2 (local.get 2))
            (memory.atomic.notify (i32.and (i32.const 58) (i32.const 4092)) (i32.const 42)))
          (ref.null 6)
          (ref.null 1))))
    (local.tee 1 (local.get 1)))
  (data (i32.const 25) "\c0\02\9bp\16\ce\07\f3g\00%\d96\82Wi")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "m0" (memory 0))
  (export "m1" (memory 1))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "e1" (tag 1))
  (export "fuel" (global 3)))
(module instance $a $A)
(register "a" $a)
;; gainsay-step: sections memory
(module definition $B
  (type (sub (struct)))
  (type (sub (struct)))
  (type (sub (struct (field (mut i32)) (field i32) (field (mut i64)))))
  (type (func (result i64 f32)))
  (type (func (param v128) (result anyref i64)))
  (type (func (param funcref i31ref) (result i31ref)))
  (type (func (result f64)))
  (type (func (param externref funcref)))
  (type (func (result externref funcref)))
  (type (func (result externref funcref exnref)))
  (type (func (param i64 (ref null 6) externref) (result f64)))
  (import "gainsay" "mix0" (func (type 3) (result i64 f32)))
  (import "a" "f4" (func (type 4) (param v128) (result anyref i64)))
  (import "a" "f6" (func (type 5) (param funcref i31ref) (result i31ref)))
  (import "a" "g1" (global (mut i31ref)))
  (import "a" "g2" (global (mut v128)))
  (import "a" "m0" (memory 1 2))
  (import "a" "m1" (memory 0 0 shared))
  (table 7 14 externref)
  (tag (type 7) (param externref funcref))
  (global (mut (ref null 2)) (struct.new_default 2))
  (global (mut i64) (i64.const 6203341756390880812))
  (global (mut externref) (ref.null extern))
  (global (mut i32) (i32.const 400))
  (elem func 4 1 4 2 2 0)
  (func (type 7) (param externref funcref) (local i32 (ref null 0) (ref null 2) v128 exnref)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4))))
  (func (type 10) (param i64 (ref null 6) externref) (result f64) (local i32 exnref v128 f64)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4)))
    (struct.set 2 0
      (block (result (ref 2))
        (br_on_non_null 0
          (select (result (ref null 2))
            (global.get 2)
            (struct.new 2 (i32.const 23) (i32.const 22) (i64.const 0))
            (if (result i32)
              (i32.const 61)
              (then (local.get 3))
              (else
                (i32.and (local.get 3) (i32.const 60))
                (i64.mul_wide_u
                  (select (result i64)
                    (if (result i64)
                      (i32.const 62)
                      (then (data.drop 0) (local.get 0))
                      (else (local.get 0)))
                    (i64.rem_s (local.get 0) (i64.or (local.get 0) (i64.const 1)))
                    (i32.const 16))
                  (i64.atomic.rmw8.add_u 1 (ref.test (ref null 0) (ref.null eq)) (i64.const 22)))
                (local.set 0)
                (i64.ctz
                  (struct.get 2 2
                    (struct.new 2 (i32.const 663117611) (local.get 3) (i64.const 131073))))
                (block (result i32)
                  (block
                    (try_table
                      (catch_all 0)
                      (struct.new 2
                        (i16x8.all_true
                          (v128.bitselect
                            (local.tee 5
                              (f32x4.relaxed_nmadd
                                (v128.const i32x4 0x0000000c 0x00000040 0x00000023 0x0000000e)
                                (global.get 1)
                                (v128.const i32x4 0x75abd5f5 0x2daa022d 0x64e31332 0x9b29691c)))
                            (v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000)
                            (f32x4.eq (local.get 5) (local.get 5))))
                        (local.get 3)
                        (i64.trunc_f32_s (f32.convert_i32_s (i8x16.all_true (global.get 1)))))
                      (i64.extend_i32_s
                        (i32.rem_u
                          (i32.atomic.load16_u 1 (i64.lt_u (local.get 0) (global.get 3)))
                          (i32.or
                            (i8x16.extract_lane_s 10
                              (v128.const i32x4 0x0000007f 0x80000000 0x0000007f 0xffffffff))
                            (i32.const 1))))
                      (i64.mul
                        (i64.load32_u 1 align=1 (local.get 3))
                        (i64.const -5536870912204300709))
                      (i64.reinterpret_f64
                        (select
                          (local.tee 6
                            (block (result f64)
                              (f64.store 1 offset=22585 align=4
                                (local.get 3)
                                (select
                                  (local.tee 6
                                    (f64.load offset=1 align=2
                                      (i32.and (local.get 3) (i32.const 4095))))
                                  (f64.const nan)
                                  (f64.eq (local.get 6) (local.get 6))))
                              (drop (br_if 0 (f64.const nan:0xfffffffffffff) (i32.const 19)))
                              (f64.const 122)))
                          (f64.const nan)
                          (f64.eq (local.get 6) (local.get 6))))
                      (i64.sub128
                        (struct.get 2 2
                          (struct.new 2
                            (i32.const 33)
                            (i32.const 21)
                            (i64.const 3777251655608388752)))
                        (i64.shl (i64.const 37) (local.get 0))
                        (i64.clz (local.get 0))
                        (local.get 0))
                      (local.set 0)
                      (i64.add128
                        (i64.ctz (local.get 0))
                        (if (result i64)
                          (i32.const 8192)
                          (then (local.get 0))
                          (else (global.get 3)))
                        (i64.rotl (local.get 0) (local.get 0))
                        (i64.trunc_sat_f32_s (f32.const -5)))
                      (local.set 0)
                      (i64.add128)
                      (local.set 0)
                      (i64.or
                        (i64x2.extract_lane 1
                          (if (result v128)
                            (select (i32.const 1810604728) (i32.const 31) (local.get 3))
                            (then (i16x8.lt_s (global.get 1) (global.get 1)))
                            (else
                              (f32x4.eq
                                (global.get 1)
                                (v128.const i32x4 0x00000003 0x00000028 0x00000039 0x0000001a)))))
                        (i64.const 1))
                      (i64.div_u)
                      (i64.sub
                        (i64.mul
                          (if (result i64)
                            (ref.test (ref null 0) (ref.null eq))
                            (then (i64.rotr (local.get 0) (local.get 0)))
                            (else (global.get 3)))
                          (i64.load32_u align=2
                            (i32.and (i32.trunc_sat_f32_u (f32.const -23)) (i32.const 4095))))
                        (i64.rem_s
                          (i64.ctz
                            (struct.get 2 2
                              (struct.new 2 (i32.const 128) (i32.const 33) (i64.const 19))))
                          (i64.or (local.get 0) (i64.const 1))))
                      (local.get 0)
                      (i64.sub128)
                      (local.set 0)
                      (struct.set 2 2)
                      (if (local.get 3) (then (throw 0 (local.get 2) (ref.null func))))))
                  (drop (br_if 0 (local.get 3) (local.get 3)))
                  (local.get 3))
                (select)
                (local.tee 0)
                (i64.atomic.store32)
                (local.get 3)))))
        (struct.new_default 2))
      (local.get 3))
    (f64.const -32))
  (func (type 8) (result externref funcref) (local i32)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4)))
    (i64.atomic.store8 offset=40
      (i32.and
        (struct.get 2 0
          (block (result (ref 2))
            (br_on_non_null 0 (ref.null 2))
            (struct.new 2 (i32.const 1024) (i32.const 0) (i64.const 255))))
        (i32.const 4095))
      (i64.trunc_f64_s (f64.convert_i32_s (local.tee 0 (local.get 0)))))
    (global.get 4)
    (ref.func 5))
  (func (type 10) (param i64 (ref null 6) externref) (result f64)
    (local i32 (ref null 6) eqref i64 funcref f32 exnref)
    (if (i32.lt_u (global.get 5) (i32.const 4)) (then (global.set 5 (i32.const 400)) (unreachable)))
    (global.set 5 (i32.sub (global.get 5) (i32.const 4)))
    (i64.store8 1
      (i32.div_s
        (local.get 3)
        (i32.or (local.tee 3 (i64.ne (local.get 0) (local.get 6))) (i32.const 1)))
      (i64.atomic.load16_u
        (i32.and
          (i32.div_u
            (i32.const 39)
            (i16x8.all_true (v128.const i32x4 0x0000002e 0x0000002e 0x00000038 0x0000000c)))
          (i32.const -2))))
    (v128.store8_lane 5
      (i32.and (i32.const 255) (i32.const 4095))
      (i64x2.extend_low_i32x4_s (v128.const i32x4 0x00000000 0xc0180000 0x00000000 0xc03a0000)))
    (f64.const -inf))
  (data (i32.const 6) "\e4\d93z\be\1f\f5\faU d\15\f4")
  (export "f0" (func 0))
  (export "f1" (func 1))
  (export "f2" (func 2))
  (export "f3" (func 3))
  (export "f4" (func 4))
  (export "f5" (func 5))
  (export "f6" (func 6))
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "g3" (global 3))
  (export "g4" (global 4))
  (export "m0" (memory 0))
  (export "m1" (memory 1))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "fuel" (global 5)))
(module instance $b $B)
(assert_exception (invoke $a "f3"))
(assert_trap (invoke $a "f4" (v128.const i32x4 0x00000005 0x0000002b 0x0000002b 0x0000000d)) "out of bounds memory access")
(assert_trap (invoke $a "f5") "out of bounds memory access")
(assert_exception (invoke $a "f6" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f0") (i64.const -42) (f32.const 1.5))
(assert_trap (invoke $b "f1" (v128.const i32x4 0x0000007f 0x80000000 0x0000007f 0xffffffff)) "out of bounds memory access")
(assert_exception (invoke $b "f2" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f3" (ref.null extern) (ref.null func)))
(assert_return (invoke $b "f4" (i64.const 31) (ref.null func) (ref.extern 7)) (f64.const -32.0))
(assert_return (invoke $b "f5") (ref.null extern) (ref.func))
(assert_trap (invoke $b "f6" (i64.const 1024) (ref.null func) (ref.extern 6)) "integer divide by zero")
(assert_exception (invoke $a "f3"))
(assert_trap (invoke $a "f4" (v128.const i32x4 0xe3498fe8 0x7248f318 0x23f57600 0xdad811ca)) "out of bounds memory access")
(assert_trap (invoke $a "f5") "out of bounds memory access")
(assert_exception (invoke $a "f6" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f0") (i64.const -42) (f32.const 1.5))
(assert_trap (invoke $b "f1" (v128.const i32x4 0xc077bfaa 0xed7141af 0x3115f083 0xa0c898ee)) "out of bounds memory access")
(assert_exception (invoke $b "f2" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f3" (ref.extern 7) (ref.null func)))
(assert_return (invoke $b "f4" (i64.const -217357969615783255) (ref.null func) (ref.extern 3)) (f64.const -32.0))
(assert_return (invoke $b "f5") (ref.null extern) (ref.func))
(assert_trap (invoke $b "f6" (i64.const -2065657866762721618) (ref.null func) (ref.extern 4)) "integer divide by zero")
(assert_exception (invoke $a "f3"))
(assert_trap (invoke $a "f4" (v128.const i32x4 0x42b80000 0xc1a00000 0x41c80000 0xc2c60000)) "out of bounds memory access")
(assert_trap (invoke $a "f5") "out of bounds memory access")
(assert_exception (invoke $a "f6" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f0") (i64.const -42) (f32.const 1.5))
(assert_trap (invoke $b "f1" (v128.const i32x4 0x0000001b 0x0000002b 0x0000003e 0x0000002a)) "out of bounds memory access")
(assert_exception (invoke $b "f2" (ref.null func) (ref.null any)))
(assert_return (invoke $b "f3" (ref.null extern) (ref.null func)))
(assert_return (invoke $b "f4" (i64.const 2147483648) (ref.null func) (ref.null extern)) (f64.const -32.0))
(assert_return (invoke $b "f5") (ref.null extern) (ref.func))
(assert_trap (invoke $b "f6" (i64.const 17179869183) (ref.null func) (ref.extern 6)) "integer divide by zero")
