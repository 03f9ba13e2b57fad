;; gainsay:format 1
(module $gainsay
  (func (export "mix0_i64_v128_ref") (param i64 v128 funcref) (result i32 f32)
    (i32.const 42)
    (f32.const 1.5))
  (func (export "mix1_ref_ref") (param externref funcref) (result funcref) (local.get 1))
  (func (export "fail3_ref_ref") (param funcref funcref) (result f64) (unreachable)))
(register "gainsay" $gainsay)
(assert_malformed
  (module $A binary "\00\61\73\6d\01\00\00\00\01\41\09\5f\03\7f\00\7f\01\77\01\50\00\5f\00\50\01"
    "\01\5f\02\6c\01\6d\01\60\00\01\6e\60\03\6e\70\7d\00\60\00\03\6e\70\7d\62\00"
    "\04\6e\70\7d\69\60\03\6f\63\02\63\03\02\70\7b\60\03\63\01\63\03\63\03\01\70"
    "\02\01\00\03\04\03\07\08\06\04\09\02\6f\01\0a\0e\70\05\0c\10\05\04\01\07\01"
    "\02\0d\03\01\00\04\06\1d\04\63\02\01\d0\6c\d0\6d\fb\00\02\0b\63\02\01\d0\02"
    "\0b\70\01\d0\70\0b\7f\01\41\e8\07\0b\07\3a\0b\02\66\30\00\00\02\66\31\00\01"
    "\02\66\32\00\02\02\67\30\03\00\02\67\31\03\01\02\67\32\03\02\02\6d\30\02\00"
    "\02\74\30\01\00\02\74\31\01\01\02\65\30\04\00\04\66\75\65\6c\03\03\09\0f\01"
    "\02\01\42\01\0b\00\07\02\00\01\01\02\02\01\0a\c8\01\03\44\01\01\7f\23\03\41"
    "\04\49\04\40\41\e8\07\24\03\00\0b\23\03\41\04\6b\24\03\02\70\d0\70\20\03\20"
    "\03\4d\b7\aa\0d\00\1a\23\02\d0\70\42\29\50\1c\01\70\0b\fd\0c\ff\ff\ff\ff\1c"
    "\00\00\00\3d\00\00\00\10\00\00\00\0b\3c\02\01\7f\01\69\23\03\41\04\49\04\40"
    "\41\e8\07\24\03\00\0b\23\03\41\04\6b\24\03\10\02\21\04\1a\1a\1a\10\02\1a\1a"
    "\1a\1a\42\00\42\07\83\42\80\80\80\80\08\42\07\83\25\01\26\01\d0\70\0b\44\03"
    "\01\7f\01\7d\01\69\23\03\41\04\49\04\40\41\e8\07\24\03\00\0b\23\03\41\04\6b"
    "\24\03\02\40\d0\03\d5\00\1a\d0\6f\d1\ad\42\16\7d\42\ff\01\fc\16\85\42\3f\83"
    "\2f\00\00\21\00\0b\41\1c\fb\1c\23\02\20\01\20\02\0b")
  "")
;; gainsay-step: absent (module instance $a $A)
;; gainsay-step: absent (register "a" $a)
;; gainsay-step: sections table memory
(assert_invalid
  (module $B
    (type (sub (struct (field (mut i8)))))
    (type (func (param i64 v128 funcref) (result i32 f32)))
    (type (func (param externref funcref) (result funcref)))
    (type (func (param funcref funcref) (result f64)))
    (type (func (result anyref funcref f32 exnref)))
    (type (func (param anyref funcref f32)))
    (type (func (param i32) (result (ref null 0))))
    (type (func (param anyref anyref (ref null 6))))
    (type (func))
    (type (func (result anyref funcref f32)))
    (type (func (result anyref anyref (ref null 6))))
    (type (func (result anyref anyref (ref null 6) exnref)))
    (type (func (result funcref)))
    (type (func (param anyref) (result externref anyref externref)))
    (import "gainsay" "mix0_i64_v128_ref" (func (type 1) (param i64 v128 funcref) (result i32 f32)))
    (import "gainsay" "mix1_ref_ref" (func (type 2) (param externref funcref) (result funcref)))
    (import "gainsay" "fail3_ref_ref" (func (type 3) (param funcref funcref) (result f64)))
    (import "a" "f2" (func (type 4) (result anyref funcref f32 exnref)))
    (import "a" "m0" (memory i64 1 2 shared))
    (import "a" "t1" (table i64 12 16 funcref))
    (import "a" "e0" (tag (type 5) (param anyref funcref f32)))
    (tag (type 7) (param anyref anyref (ref null 6)))
    (tag (type 8))
    (global i32 (i32.add (i32.mul (i32.const 9) (i32.const 33554431)) (i32.const 4097)))
    (global (mut (ref null 0)) (struct.new 0 (i32.const 524288)))
    (global (mut funcref) (ref.null func))
    (global (mut i32) (i32.const 1000))
    (elem (i64.const 3) func 1 4 6 4 4 0 2)
    (elem func 1 3 5 3 5 0)
    (func (export "f4") (type 12) (result funcref) (local i32 f32 i32 anyref)
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 3 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (local.set 2 (i32.const 2))
      (loop
        (if
          (i32.lt_u (global.get 3) (i32.const 1))
          (then (global.set 3 (i32.const 1000)) (unreachable)))
        (global.set 3 (i32.sub (global.get 3) (i32.const 1)))
        (i64.and (i64.const 29) (i64.const 7))
        (i64.and (i64.const 27) (i64.const 7))
        (i64.const 2)
        (if
          (i32.lt_u (global.get 3) (i32.const 16))
          (then (global.set 3 (i32.const 1000)) (unreachable)))
        (global.set 245251 (i32.sub (global.get 3) (i32.const 16)))
        (unreachable)
        (unreachable)
        (br_if 0 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
      (table.copy
        (i64.and (i64.const 43) (i64.const 7))
        (i64.and (i64.trunc_f32_s (f32.convert_i32_s (i32.const -1))) (i64.const 7))
        (i64.const 1)
        (if
          (i32.lt_u (global.get 3) (i32.const 16))
          (then (global.set 3 (i32.const 1000)) (unreachable)))
        (global.set 3 (i32.sub (global.get 3) (i32.const 16))))
      (ref.null func))
    (func (export "f5") (type 13) (param anyref) (result externref anyref externref) (local i32)
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 3 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (ref.null extern)
      (local.get 0)
      (ref.null extern))
    (func (export "f6") (type 9) (result anyref funcref f32) (local i32 f64 i32 (ref null 0))
      (if
        (i32.lt_u (global.get 3) (i32.const 4))
        (then (global.set 3 (i32.const 1000)) (unreachable)))
      (global.set 3 (i32.sub (global.get 3) (i32.const 4)))
      (local.set 0 (i32.const 11))
      (loop
        (if
          (i32.lt_u (global.get 3) (i32.const 1))
          (then (global.set 3 (i32.const 1000)) (unreachable)))
        (global.set 3 (i32.sub (global.get 3) (i32.const 1)))
        (i8x16.all_true (v128.const i32x4 0x0000000c 0x00000000 0x0000001b 0x00000000))
        (drop
          (block (type 6) (param i32) (result (ref null 0))
            (local.set 2)
            (block (type 10) (result anyref anyref (ref null 6))
              (try_table
                (catch 1 0)
                (i32.store offset=16
                  (i64.and
                    (i64.trunc_sat_f64_s
                      (f64.load align=2
                        (i64.and (i64.extend8_s (i64.const 9223372036854775807)) (i64.const 4095))))
                    (i64.const 63))
                  (select
                    (if (result i32)
                      (struct.get_s 0 0 (struct.new 0 (i32.const 27)))
                      (then
                        (struct.set 0 0
                          (block (result (ref 0))
                            (br_on_non_null 0 (struct.new 0 (i32.const 1514051045)))
                            (struct.new 0 (i32.const 53)))
                          (i32.const 40))
                        (global.get 0))
                      (else (local.get 2)))
                    (local.get 2)
                    (local.get 2)))
                (if
                  (i32.const 26)
                  (then (throw 1 (struct.new 0 (i32.const 9)) (ref.null any) (ref.null 6)))))
              (struct.new 0 (i32.const 50))
              (struct.new 0 (i32.const 257))
              (ref.null 6))
            (drop)
            (drop)
            (drop)
            (local.get 3)))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (ref.i31 (i32.const 30))
      (global.get 2)
      (f32.const inf))
    (export "g0" (global 0))
    (export "g1" (global 1))
    (export "g2" (global 2))
    (export "e1" (tag 1))
    (export "e2" (tag 2))
    (export "fuel" (global 3)))
  "")
;; gainsay-step: absent (module instance $b $B)
;; gainsay-step: absent (invoke $a "f0" (ref.extern 2) (ref.null any) (ref.null func))
;; gainsay-step: absent (invoke $a "f1" (ref.null any) (ref.null func) (ref.null func))
;; gainsay-step: absent (invoke $a "f2")
;; gainsay-step: absent (invoke $b "f4")
;; gainsay-step: absent (invoke $b "f5" (ref.null any))
;; gainsay-step: absent (invoke $b "f6")
;; gainsay-step: absent (invoke $a "f0" (ref.extern 7) (ref.null any) (ref.null func))
;; gainsay-step: absent (invoke $a "f1" (ref.null any) (ref.null func) (ref.null func))
;; gainsay-step: absent (invoke $a "f2")
;; gainsay-step: absent (invoke $b "f4")
;; gainsay-step: absent (invoke $b "f5" (ref.null any))
;; gainsay-step: absent (invoke $b "f6")
