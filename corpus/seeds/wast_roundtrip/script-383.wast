;; gainsay:format 1
;; gainsay-step: sections import
(assert_invalid
  (module $A
    (table 7 13 externref)
    (table 12 20 funcref)
    (memory i64 1 1)
    (global (mut i32) (i32.const 100))
    (func (export "f0") (param f64 externref externref f32 f32 f32 i64) (result funcref)
      (local i32 f32)
      (if
        (i32.lt_u (global.get 0) (i32.const 4))
        (then (global.set 0 (i32.const 100)) (unreachable)))
      (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
      (table.set 0 (i32.and (local.get 7) (i32.const 3)) (local.get 2))
      (block (result funcref)
        (if (result funcref)
          (i32.load8_u offset=27 (i64.and (i64.extend_i32_s (local.get 7)) (i64.const 63)))
          (then
            (call 1
              (local.get 0)
              (if (result f32)
                (i32.const 1)
                (then
                  (f32.store align=1
                    (i64.and (i64.trunc_f32_u (f32.const -8168.9946)) (i64.const 32767))
                    (select
                      (local.tee 8
                        (f32.copysign
                          (block (result f32)
                            (drop
                              (br_if 0
                                (f32.load offset=57 align=2
                                  (i64.and
                                    (if (result i64)
                                      (i32.or (local.get 7) (local.get 7))
                                      (then
                                        (i64.store32 offset=24 align=1
                                          (i64.and
                                            (i64.load32_s align=1
                                              (i64.and
                                                (i64.load8_u
                                                  (i64.and (local.get 6) (i64.const 32767)))
                                                (i64.const 63)))
                                            (i64.const 4095))
                                          (i64.div_u
                                            (block (result i64)
                                              (drop (br_if 0 (i64.const 131071) (local.get 7)))
                                              (i64.const 8))
                                            (local.get 6)))
                                        (local.get 6))
                                      (else (local.get 6)))
                                    (i64.const 63)))
                                (local.get 7)))
                            (f32.const -102))
                          (select
                            (local.tee 8 (f32.const -63))
                            (f32.const nan)
                            (f32.eq (local.get 8) (local.get 8)))))
                      (f32.const nan)
                      (f32.eq (local.get 8) (local.get 8))))
                  (local.get 3))
                (else (local.get 3))))
            (local.set 0)
            (local.set 0)
            (ref.null func))
          (else (ref.func 0)))))
    (func (export "f1") (param f64 f32) (result f64 f64) (local i32 i31ref i31ref funcref f64)
      (if
        (i32.lt_u (global.get 0) (i32.const 4))
        (then (global.set 0 (i32.const 100)) (unreachable)))
      (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
      (local.set 5 (local.tee 5 (local.get 5)))
      (if
        (local.get 2)
        (then (i64.store offset=45 align=1 (i64.and (i64.const 37) (i64.const 63)) (i64.const 38)))
        (else
          (if
            (local.get 2)
            (then
              (local.set 0
                (f64.copysign
                  (f64.const -0x1.fffffffffffffp+1023)
                  (select
                    (local.tee 6
                      (block (result f64)
                        (if (result f64)
                          (i32.or
                            (i32.popcnt (local.get 2))
                            (i32.div_s (local.get 2) (i32.or (local.get 2) (i32.const 1))))
                          (then
                            (local.tee 4
                              (f64.add (f64.const -0x1.fffffffffffffp+1023) (local.get 0))))
                          (else (f64.const 86)))))
                    (f64.const nan)
                    (f64.eq (local.get 6) (local.get 6)))))))))
      (f64.const -55)
      (local.get 4))
    (export "m0" (memory 0))
    (export "t0" (table 0))
    (export "t1" (table 1)))
  "")
;; gainsay-step: absent (module instance $a $A)
;; gainsay-step: absent (register "a" $a)
(assert_malformed
  (module $B binary "\00\61\73\6d\01\00\00\00\01\19\03\60\07\7c\6f\6f\7d\7d\7d\7e\01\70\60\02\7c"
    "\7d\02\7c\7c\60\00\03\70\7e\70\02\2c\05\01\61\02\66\30\00\00\01\61\02\66\31"
    "\00\01\01\61\02\6d\30\02\05\01\01\01\61\02\74\30\01\6f\01\07\0d\01\61\02\74"
    "\31\01\70\01\0c\14\07\02\01\02\04\01\00\05\01\00\06\1a\04\70\01\d0\70\0b\7f"
    "\00\41\80\80\80\80\78\0b\70\00\d0\70\0b\7f\01\41\e4\00\0b\07\10\03\02\66\32"
    "\00\02\02\67\31\03\01\02\67\32\03\02\09\0f\01\02\01\41\02\0b\00\07\01\00\01"
    "\02\02\00\01\0a\77\01\75\02\01\7f\01\70\23\03\41\04\49\04\40\41\e4\00\24\03"
    "\00\0b\23\03\41\04\6b\24\03\44\01\00\00\00\00\00\00\00\9b\02\7c\44\00\00\e0"
    "\ff\ff\ff\ef\41\0b\a2\02\7d\44\00\00\00\00\00\00\47\c0\9f\9d\d0\6f\d0\6f\43"
    "\00\00\00\5f\43\00\00\80\7f\43\00\00\80\5f\42\13\10\00\24\00\43\00\00\b6\c2"
    "\41\ff\ff\ff\07\0d\00\1a\43\1b\b9\05\1b\0b\10\01\1a\1a\20\01\42\07\20\01\0b"
    "\0b\08\01\00\42\1e\0b\02\54\e0")
  "")
;; gainsay-step: absent (module instance $b $B)
;; gainsay-step: absent (invoke $a "f0" (f64.const 0.5) (ref.extern 6) (ref.null extern) (f32.const inf) (f32.const 1.16527684e-29) (f32.const -1018241860.0) (i64.const 62))
;; gainsay-step: absent (invoke $a "f1" (f64.const 1.469335667370719e228) (f32.const -63.0))
;; gainsay-step: absent (invoke $b "f2")
;; gainsay-step: absent (invoke $a "f0" (f64.const -2.225073858507201e-308) (ref.extern 7) (ref.null extern) (f32.const 103.0) (f32.const nan:0x200001) (f32.const -110.0) (i64.const 524288))
;; gainsay-step: absent (invoke $a "f1" (f64.const -9.223372036854776e18) (f32.const 1.5679088e-5))
;; gainsay-step: absent (invoke $b "f2")
;; gainsay-step: absent (invoke $a "f0" (f64.const 67.0) (ref.null extern) (ref.extern 7) (f32.const -8.465991e-7) (f32.const -67.0) (f32.const -102.0) (i64.const 127))
;; gainsay-step: absent (invoke $a "f1" (f64.const 98.0) (f32.const -15.0))
;; gainsay-step: absent (invoke $b "f2")
