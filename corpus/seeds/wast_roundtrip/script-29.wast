;; gainsay:format 1
;; (module
;;   (type (;0;) (func (param i64)))
;;   (type (;1;) (func (param f32 f64 i32 f32 i64 i32)))
;;   (type (;2;) (func (param f32 i32 f32) (result f32)))
;;   (type (;3;) (func (param f32)))
;;   (type (;4;) (func (param i64) (result f32)))
;;   (table (;0;) 1 29 funcref)
;;   (memory (;0;) 1 1)
;;   (memory (;1;) 1 1)
;;   (global (;0;) (mut f32) (f32.const -0x1.9d4d1p-110 (;=-0.0000000000000000000000000000000012437325;)))
;;   (global (;1;) i64 (i64.sub (i64.const -2971206117243152460) (i64.add (i64.const 6640668612198129426) (i64.add (i64.add (i64.const -5349703877824357937) (i64.mul (i64.const -413368314623911068) (i64.sub (i64.const 6095552824932308714) (i64.sub (i64.const -5004787512979024929) (i64.add (i64.const 5321731904552337786) (i64.const 7622217075850870072)))))) (i64.sub (i64.const -469988671736442067) (i64.const -4625905042388398079))))))
;;   (global (;2;) (mut i32) (i32.const 0))
;;   (global (;3;) (mut i64) (i64.const 0))
;;   (global (;4;) (mut i32) (i32.const 1000))
;;   (export "f0" (func 0))
;;   (export "f1" (func 1))
;;   (export "f2" (func 2))
;;   (export "g0" (global 0))
;;   (export "g1" (global 1))
;;   (export "g2" (global 2))
;;   (export "g3" (global 3))
;;   (export "m0" (memory 0))
;;   (export "m1" (memory 1))
;;   (export "t0" (table 0))
;;   (export "fuel" (global 4))
;;   (elem (;0;) (i32.const 0) func 1)
;;   (func (;0;) (type 0) (param i64)
;;     (local i32 i32 i32 i32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 1000))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (br 0)
;;     (global.set 3
;;       (i64.xor
;;         (i64.reinterpret_f64
;;           (block (result f64) ;; label = @1
;;             (elem.drop 0)
;;             (local.set 3
;;               (local.get 2))
;;             (block ;; label = @2
;;               (block ;; label = @3
;;                 (br_if 0 (;@3;)
;;                   (i32.le_u
;;                     (i32.mul
;;                       (memory.size 1)
;;                       (i32.const 65536))
;;                     (i32.add
;;                       (i32.const 52904)
;;                       (local.get 3))))
;;                 (br_if 0 (;@3;)
;;                   (i32.le_s
;;                     (local.get 3)
;;                     (i32.const 0)))
;;                 (local.set 4
;;                   (i32.load16_s 1 offset=52900 align=1
;;                     (local.get 3)))
;;                 (br 1 (;@2;)))
;;               (local.set 4
;;                 (i32.const 0)))
;;             (global.set 2
;;               (i32.xor
;;                 (local.get 4)
;;                 (global.get 2)))
;;             (f64.const 0x1.f5d6b2be766e6p-687 (;=0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000030529320112459532;))))
;;         (global.get 3)))
;;   )
;;   (func (;1;) (type 2) (param f32 i32 f32) (result f32)
;;     (local f32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 1000))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (loop ;; label = @1
;;       (if ;; label = @2
;;         (i32.lt_u
;;           (global.get 4)
;;           (i32.const 1))
;;         (then
;;           (global.set 4
;;             (i32.const 1000))
;;           (unreachable)))
;;       (global.set 4
;;         (i32.sub
;;           (global.get 4)
;;           (i32.const 1)))
;;       (global.set 2
;;         (i32.xor
;;           (if (result i32) ;; label = @2
;;             (memory.grow 1
;;               (i64.gt_s
;;                 (global.get 1)
;;                 (global.get 1))
;;               (br 0 (;@1;))
;;               (if ;; label = @2
;;                 (i32.lt_u
;;                   (global.get 4)
;;                   (i32.const 16))
;;                 (then
;;                   (global.set 4
;;                     (i32.const 1000))
;;                   (unreachable)))
;;               (global.set 4
;;                 (i32.sub
;;                   (global.get 4)
;;                   (i32.const 16))))
;;             (then
;;               (i32.const 262144))
;;             (else
;;               (i32.const 1618151031)))
;;           (global.get 2))))
;;     (f32.const 0x1.p-132 (;=0.000000000000000000000000000000000000000183671;))
;;   )
;;   (func (;2;) (type 3) (param f32)
;;     (local i32 i32 f64)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 1000))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (br_table 0 0
;;       (i64.eqz
;;         (i64.extend32_s
;;           (i64.const -5646550187980728580))))
;;     (local.set 2
;;       (memory.size))
;;     (block ;; label = @1
;;       (block ;; label = @2
;;         (br_if 0 (;@2;)
;;           (i32.le_u
;;             (i32.mul
;;               (memory.size 1)
;;               (i32.const 65536))
;;             (i32.add
;;               (i32.const 17250)
;;               (local.get 2))))
;;         (br_if 0 (;@2;)
;;           (i32.le_s
;;             (local.get 2)
;;             (i32.const 0)))
;;         (local.set 3
;;           (f64.load 1 offset=17242
;;             (local.get 2)))
;;         (br 1 (;@1;)))
;;       (local.set 3
;;         (f64.const 0x0p+0 (;=0;))))
;;     (global.set 3
;;       (i64.xor
;;         (i64.reinterpret_f64
;;           (local.get 3))
;;         (global.get 3)))
;;   )
;; )
(module definition $A binary
  "\00\61\73\6d\01\00\00\00\01\1e\05\60\01\7e\00\60\06\7d\7c\7f\7d\7e\7f\00\60"
  "\03\7d\7f\7d\01\7d\60\01\7d\00\60\01\7e\01\7d\02\01\00\03\04\03\00\02\03\04"
  "\05\01\70\01\01\1d\05\07\02\01\01\01\01\01\01\06\90\01\05\7d\01\43\88\a6\ce"
  "\88\0b\7e\00\42\b4\af\84\da\f4\f8\89\e2\56\42\92\be\9f\a9\b4\9d\99\94\dc\00"
  "\42\cf\b3\ff\a5\ac\95\82\e1\b5\7f\42\e4\b6\c2\eb\d3\f6\da\a1\7a\42\ea\ad\e0"
  "\bd\fa\9f\f0\cb\d4\00\42\df\a7\cc\84\e0\88\db\c5\ba\7f\42\fa\82\d2\85\8b\df"
  "\a5\ed\c9\00\42\b8\fa\87\b8\bd\c1\e3\e3\e9\00\7c\7d\7d\7e\7c\42\ad\a6\c4\e5"
  "\b0\f9\90\bd\79\42\81\a0\81\fe\f7\fb\de\e6\bf\7f\7d\7c\7c\7d\0b\7f\01\41\00"
  "\0b\7e\01\42\00\0b\7f\01\41\e8\07\0b\07\3a\0b\02\66\30\00\00\02\66\31\00\01"
  "\02\66\32\00\02\02\67\30\03\00\02\67\31\03\01\02\67\32\03\02\02\67\33\03\03"
  "\02\6d\30\02\00\02\6d\31\02\01\02\74\30\01\00\04\66\75\65\6c\03\04\09\07\01"
  "\00\41\00\0b\01\01\0a\c9\02\03\6f\04\01\7f\01\7f\01\7f\01\7f\23\04\41\04\49"
  "\04\40\41\e8\07\24\04\00\0b\23\04\41\04\6b\24\04\0c\00\02\7c\fc\0d\00\20\02"
  "\21\03\02\40\02\40\3f\01\41\80\80\04\6c\41\a8\9d\03\20\03\6a\4d\0d\00\20\03"
  "\41\00\4c\0d\00\20\03\2e\40\01\a4\9d\03\21\04\0c\01\0b\41\00\21\04\0b\20\04"
  "\23\02\73\24\02\44\e6\66\e7\2b\6b\5d\0f\15\0b\bd\23\03\85\24\03\0b\67\01\01"
  "\7d\23\04\41\04\49\04\40\41\e8\07\24\04\00\0b\23\04\41\04\6b\24\04\03\40\23"
  "\04\41\01\49\04\40\41\e8\07\24\04\00\0b\23\04\41\01\6b\24\04\23\01\23\01\55"
  "\0c\00\23\04\41\10\49\04\40\41\e8\07\24\04\00\0b\23\04\41\10\6b\24\04\40\01"
  "\04\7f\41\80\80\10\05\41\f7\8c\cc\83\06\0b\23\02\73\24\02\0b\43\00\00\02\00"
  "\0b\6f\03\01\7f\01\7f\01\7c\23\04\41\04\49\04\40\41\e8\07\24\04\00\0b\23\04"
  "\41\04\6b\24\04\42\fc\ad\f9\f7\d4\90\db\d1\b1\7f\c4\50\0e\01\00\00\3f\00\21"
  "\02\02\40\02\40\3f\01\41\80\80\04\6c\41\e2\86\01\20\02\6a\4d\0d\00\20\02\41"
  "\00\4c\0d\00\20\02\2b\43\01\da\86\01\21\03\0c\01\0b\44\00\00\00\00\00\00\00"
  "\00\21\03\0b\20\03\bd\23\03\85\24\03\0b")
(module instance $a $A)
(assert_return (invoke $a "f0" (i64.const 8)))
(assert_trap (invoke $a "f1" (f32.const -2.5564722e-14) (i32.const 44) (f32.const -nan:0x1)) "unreachable")
(assert_return (invoke $a "f2" (f32.const 123.0)))
(assert_return (invoke $a "f0" (i64.const 32769)))
(assert_trap (invoke $a "f1" (f32.const -392.09476) (i32.const 59) (f32.const -23470551000000.0)) "unreachable")
(assert_return (invoke $a "f2" (f32.const 57.0)))
(assert_return (invoke $a "f0" (i64.const 32768)))
(assert_trap (invoke $a "f1" (f32.const 1.3226625e-14) (i32.const 65536) (f32.const nan:0x200001)) "unreachable")
(assert_return (invoke $a "f2" (f32.const -3.070855e-30)))
