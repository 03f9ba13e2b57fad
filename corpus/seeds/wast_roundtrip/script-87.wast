;; gainsay:format 1
;; gainsay-step: sections import table
(module definition $A
  (type (func))
  (type (func (param i64 i32)))
  (type (func (result i64 i32)))
  (type (func (result i64 i32 exnref)))
  (type (func (param funcref externref i32) (result i64 i64 i64)))
  (memory i64 1 1)
  (tag (type 0))
  (tag (type 1) (param i64 i32))
  (global (mut f32) (f32.const 86))
  (global (mut i64) (i64.const 65535))
  (global (mut i32) (i32.const 128))
  (global i64 (i64.const 16777215))
  (global (mut i32) (i32.const 1000))
  (func (export "f0") (type 4) (param funcref externref i32) (result i64 i64 i64)
    (local i32 externref i32 exnref)
    (if
      (i32.lt_u (global.get 4) (i32.const 4))
      (then (global.set 4 (i32.const 1000)) (unreachable)))
    (global.set 4 (i32.sub (global.get 4) (i32.const 4)))
    (i64.store16 offset=60
      (i64.and
        (i64.trunc_f64_s
          (f64.add
            (f64.convert_i64_s (global.get 1))
            (f64.min (f64.const 19) (f64.const nan:0x400))))
        (i64.const 4095))
      (i64.rem_u
        (select (i64.const 511) (i64.trunc_sat_f64_u (f64.const -119)) (local.get 2))
        (i64.or (global.get 3) (i64.const 1))))
    (return_call 0 (ref.func 0) (ref.null extern) (local.get 3)))
  (data (i64.const 62) "\87\e4\c0-\87\a5\93g\83\cf|\c1\11\af\a9\ec\91e\a6\e1\9e\81")
  (export "g0" (global 0))
  (export "g1" (global 1))
  (export "g2" (global 2))
  (export "g3" (global 3))
  (export "m0" (memory 0))
  (export "e0" (tag 0))
  (export "e1" (tag 1))
  (export "fuel" (global 4)))
(module instance $a $A)
(register "a" $a)
(assert_malformed
  (module $B binary "\00\61\73\6d\01\00\00\00\01\25\06\60\03\7d\6f\6f\00\60\00\00\60\00\03\7d\6f"
    "\6f\60\00\04\7d\6f\6f\69\60\03\7c\7f\7c\01\7f\60\03\7f\7f\7c\01\7c\02\1a\03"
    "\01\61\02\67\31\03\7e\01\01\61\02\67\32\03\7f\01\01\61\02\6d\30\02\05\01\01"
    "\03\04\03\04\03\05\04\04\01\70\00\0c\05\01\00\0d\07\03\00\00\00\01\00\01\06"
    "\25\05\7c\01\44\1f\5f\d3\db\e5\8e\96\d4\0b\7d\01\43\00\00\9a\42\0b\6f\01\d0"
    "\6f\0b\6f\01\d0\6f\0b\7f\01\41\e8\07\0b\07\3f\0c\02\66\30\00\00\02\66\31\00"
    "\01\02\66\32\00\02\02\67\32\03\02\02\67\33\03\03\02\67\34\03\04\02\67\35\03"
    "\05\02\74\30\01\00\02\65\30\04\00\02\65\31\04\01\02\65\32\04\02\04\66\75\65"
    "\6c\03\06\09\0d\01\00\41\04\0b\07\01\02\01\00\01\02\02\0a\cd\02\03\86\01\02"
    "\01\7f\01\69\23\06\41\04\49\04\40\41\e8\07\24\06\00\0b\23\06\41\04\6b\24\06"
    "\02\7c\d0\6f\d1\b7\20\01\04\7f\20\01\04\7c\20\02\22\02\23\00\42\3f\83\2b\01"
    "\00\a4\61\ff\ff\ff\ff\03\20\01\4a\41\7f\68\23\01\20\01\75\1b\0d\02\21\02\44"
    "\00\00\00\00\00\00\f0\43\05\20\02\0b\41\ff\07\0d\01\1a\20\01\05\20\01\0b\20"
    "\03\41\17\1b\0d\00\1a\44\00\00\00\00\00\c0\5d\c0\0b\22\02\20\03\44\53\1e\b2"
    "\c6\8b\2e\45\ea\10\00\0b\9e\01\05\01\7f\01\7c\01\7f\01\7c\01\69\23\06\41\04"
    "\49\04\40\41\e8\07\24\06\00\0b\23\06\41\04\6b\24\06\20\04\21\04\41\02\21\00"
    "\03\40\23\06\41\01\49\04\40\41\e8\07\24\06\00\0b\23\06\41\01\6b\24\06\d0\6f"
    "\d0\6f\41\1d\1c\01\6f\d1\04\40\20\03\9a\24\02\02\7c\02\40\1f\40\01\02\00\20"
    "\00\04\40\20\03\23\02\22\01\63\04\40\43\00\00\00\80\23\05\d0\6f\20\04\0f\0b"
    "\05\0b\0b\0b\20\01\0b\fc\06\42\ff\1f\83\42\31\37\03\f2\53\05\0b\20\00\41\01"
    "\6b\22\00\0d\00\0b\43\00\00\50\42\d0\6f\d0\6f\20\04\0b\23\02\01\7f\01\69\23"
    "\06\41\04\49\04\40\41\e8\07\24\06\00\0b\23\06\41\04\6b\24\06\23\00\42\3f\83"
    "\2b\01\00\0b\0b\11\01\00\42\3f\0b\0b\8e\55\47\68\d3\3f\1c\60\52\d0\c9")
  "")
;; gainsay-step: absent (module instance $b $B)
(assert_trap (invoke $a "f0" (ref.null func) (ref.extern 6) (i32.const 46)) "invalid conversion to integer")
;; gainsay-step: absent (invoke $b "f0" (f64.const 3765.3432647941468) (i32.const 41) (f64.const -8.301381282389052e203))
;; gainsay-step: absent (invoke $b "f1")
;; gainsay-step: absent (invoke $b "f2" (i32.const 1695881065) (i32.const 0) (f64.const 112.0))
(assert_trap (invoke $a "f0" (ref.null func) (ref.extern 3) (i32.const 2147483647)) "invalid conversion to integer")
;; gainsay-step: absent (invoke $b "f0" (f64.const 3.4028234663852886e38) (i32.const -1) (f64.const -117.0))
;; gainsay-step: absent (invoke $b "f1")
;; gainsay-step: absent (invoke $b "f2" (i32.const 1) (i32.const -1) (f64.const -8.301381282389052e203))
(assert_trap (invoke $a "f0" (ref.null func) (ref.extern 4) (i32.const 30)) "invalid conversion to integer")
;; gainsay-step: absent (invoke $b "f0" (f64.const -1.7294977121879632e84) (i32.const 255) (f64.const -106.0))
;; gainsay-step: absent (invoke $b "f1")
;; gainsay-step: absent (invoke $b "f2" (i32.const -1) (i32.const 29) (f64.const -9.353516583917138e-148))
