;; gainsay:format 1
(module $gainsay
  (func (export "mix0") (result f64 f32) (f64.const -2.5) (f32.const 1.5))
  (func (export "mix1") (result i64) (i64.const -42)))
(register "gainsay" $gainsay)
;; (module
;;   (type (;0;) (func (result f64 f32)))
;;   (type (;1;) (func (result i64)))
;;   (type (;2;) (func))
;;   (type (;3;) (func))
;;   (import "gainsay" "mix0" (func (;0;) (type 0) (result f64 f32)))
;;   (import "gainsay" "mix1" (func (;1;) (type 1) (result i64)))
;;   (memory (;0;) i64 0 2)
;;   (global (;0;) v128 (v128.const i32x4 0x579e1e00 0xb17f2b12 0x1c74ce6f 0xe85e64ba))
;;   (global (;1;) (mut v128) (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000))
;;   (global (;2;) (mut i32) (i32.const 0))
;;   (global (;3;) (mut i64) (i64.const 0))
;;   (global (;4;) (mut i32) (i32.const 0))
;;   (global (;5;) (mut i64) (i64.const 0))
;;   (global (;6;) (mut i32) (i32.const 100))
;;   (export "f2" (func 2))
;;   (export "f3" (func 3))
;;   (export "f4" (func 4))
;;   (export "f5" (func 5))
;;   (export "f6" (func 6))
;;   (export "f7" (func 7))
;;   (export "g0" (global 0))
;;   (export "g1" (global 1))
;;   (export "g2" (global 2))
;;   (export "g3" (global 3))
;;   (export "g4" (global 4))
;;   (export "g5" (global 5))
;;   (export "m0" (memory 0))
;;   (export "fuel" (global 6))
;;   (func (;2;) (type 3)
;;     (local v128 f64 v128 f32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 6)
;;         (i32.const 4))
;;       (then
;;         (global.set 6
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 6
;;       (i32.sub
;;         (global.get 6)
;;         (i32.const 4)))
;;     (global.set 2
;;       (i32.xor
;;         (i32.reinterpret_f32
;;           (select
;;             (local.tee 3
;;               (f32.nearest
;;                 (f32.convert_i32_s
;;                   (i32.eqz
;;                     (i32.trunc_sat_f64_u
;;                       (local.get 1)))))
;;               (br 0)
;;               (global.set 1
;;                 (v128.xor
;;                   (loop (result v128) ;; label = @1
;;                     (if ;; label = @2
;;                       (i32.lt_u
;;                         (global.get 6)
;;                         (i32.const 1))
;;                       (then
;;                         (global.set 6
;;                           (i32.const 100))
;;                         (unreachable)))
;;                     (global.set 6
;;                       (i32.sub
;;                         (global.get 6)
;;                         (i32.const 1)))
;;                     (v128.load64_splat
;;                       (i64.const 1155399275486110165)))
;;                   (global.get 1))))
;;             (f32.const nan (;=NaN;))
;;             (f32.eq
;;               (local.get 3)
;;               (local.get 3))))
;;         (global.get 2)))
;;   )
;;   (func (;3;) (type 1) (result i64)
;;     (local f32 f64)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 6)
;;         (i32.const 4))
;;       (then
;;         (global.set 6
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 6
;;       (i32.sub
;;         (global.get 6)
;;         (i32.const 4)))
;;     (block (type 2) ;; label = @1
;;       (loop ;; label = @2
;;         (if ;; label = @3
;;           (i32.lt_u
;;             (global.get 6)
;;             (i32.const 1))
;;           (then
;;             (global.set 6
;;               (i32.const 100))
;;             (unreachable)))
;;         (global.set 6
;;           (i32.sub
;;             (global.get 6)
;;             (i32.const 1)))
;;         (i32.load8_u
;;           (call 1))
;;         (block (type 0) (result f64 f32) ;; label = @3
;;           (br_table 1 (;@2;) 2 (;@1;) 2 (;@1;)
;;             (i32.ctz
;;               (i16x8.extract_lane_u 0
;;                 (v128.const i32x4 0xa4069a9b 0x28f6abc5 0x73bad970 0x93ad85c3))))
;;           (f64.const -nan:0xfffffe0000000 (;=NaN;))
;;           (f32.const -0x1p+127 (;=-170141180000000000000000000000000000000;)))
;;         (local.tee 0)
;;         (f32.const nan (;=NaN;))
;;         (f32.eq
;;           (local.get 0)
;;           (local.get 0))
;;         (select)
;;         (i32.reinterpret_f32)
;;         (global.get 2)
;;         (i32.xor)
;;         (global.set 2)
;;         (local.tee 1)
;;         (f64.const nan (;=NaN;))
;;         (f64.eq
;;           (local.get 1)
;;           (local.get 1))
;;         (select)
;;         (i64.reinterpret_f64)
;;         (global.get 3)
;;         (i64.xor)
;;         (global.set 3)
;;         (global.get 4)
;;         (i32.xor)
;;         (global.set 4)))
;;     (i64.const -587741029956401352)
;;   )
;;   (func (;4;) (type 0) (result f64 f32)
;;     (local f64 f64 f64 v128 f32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 6)
;;         (i32.const 4))
;;       (then
;;         (global.set 6
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 6
;;       (i32.sub
;;         (global.get 6)
;;         (i32.const 4)))
;;     (loop (type 2) ;; label = @1
;;       (if ;; label = @2
;;         (i32.lt_u
;;           (global.get 6)
;;           (i32.const 1))
;;         (then
;;           (global.set 6
;;             (i32.const 100))
;;           (unreachable)))
;;       (global.set 6
;;         (i32.sub
;;           (global.get 6)
;;           (i32.const 1)))
;;       (block (type 0) (result f64 f32) ;; label = @2
;;         (nop)
;;         (global.set 2
;;           (i32.xor
;;             (i32.reinterpret_f32
;;               (select
;;                 (local.tee 4
;;                   (f32.const 0x1.df603cp-18 (;=0.000007143258;))
;;                   (global.set 1
;;                     (v128.xor
;;                       (v128.bitselect
;;                         (local.tee 3
;;                           (f64x2.trunc
;;                             (i32x4.extend_high_i16x8_u
;;                               (v128.load8x8_s align=2
;;                                 (i64.reinterpret_f64
;;                                   (select
;;                                     (local.tee 2
;;                                       (local.get 1))
;;                                     (f64.const nan (;=NaN;))
;;                                     (f64.eq
;;                                       (local.get 2)
;;                                       (local.get 2))))))))
;;                         (v128.const i32x4 0x00000000 0x7ff80000 0x00000000 0x7ff80000)
;;                         (f64x2.eq
;;                           (local.get 3)
;;                           (local.get 3)))
;;                       (global.get 1))))
;;                 (f32.const nan (;=NaN;))
;;                 (f32.eq
;;                   (local.get 4)
;;                   (local.get 4))))
;;             (global.get 2)))
;; and so on
(module definition $A binary
  "\00\61\73\6d\01\00\00\00\01\10\04\60\00\02\7c\7d\60\00\01\7e\60\00\00\60\00"
  "\00\02\1f\02\07\67\61\69\6e\73\61\79\04\6d\69\78\30\00\00\07\67\61\69\6e\73"
  "\61\79\04\6d\69\78\31\00\01\03\07\06\03\01\00\01\00\01\05\04\01\05\00\02\06"
  "\45\07\7b\00\fd\0c\00\1e\9e\57\12\2b\7f\b1\6f\ce\74\1c\ba\64\5e\e8\0b\7b\01"
  "\fd\0c\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\0b\7f\01\41\00\0b\7e"
  "\01\42\00\0b\7f\01\41\00\0b\7e\01\42\00\0b\7f\01\41\e4\00\0b\07\49\0e\02\66"
  "\32\00\02\02\66\33\00\03\02\66\34\00\04\02\66\35\00\05\02\66\36\00\06\02\66"
  "\37\00\07\02\67\30\03\00\02\67\31\03\01\02\67\32\03\02\02\67\33\03\03\02\67"
  "\34\03\04\02\67\35\03\05\02\6d\30\02\00\04\66\75\65\6c\03\06\0a\8b\06\06\67"
  "\04\01\7b\01\7c\01\7b\01\7d\23\06\41\04\49\04\40\41\e4\00\24\06\00\0b\23\06"
  "\41\04\6b\24\06\20\01\fc\03\45\b2\90\0c\00\03\7b\23\06\41\01\49\04\40\41\e4"
  "\00\24\06\00\0b\23\06\41\01\6b\24\06\42\d5\c3\df\e8\cf\b0\b3\84\10\fd\0a\03"
  "\00\0b\23\01\fd\51\24\01\22\03\43\00\00\c0\7f\20\03\20\03\5b\1b\bc\23\02\73"
  "\24\02\0b\a0\01\02\01\7d\01\7c\23\06\41\04\49\04\40\41\e4\00\24\06\00\0b\23"
  "\06\41\04\6b\24\06\02\02\03\40\23\06\41\01\49\04\40\41\e4\00\24\06\00\0b\23"
  "\06\41\01\6b\24\06\10\01\2d\00\00\02\00\fd\0c\9b\9a\06\a4\c5\ab\f6\28\70\d9"
  "\ba\73\c3\85\ad\93\fd\19\00\68\0e\02\01\02\02\44\00\00\00\e0\ff\ff\ff\ff\43"
  "\00\00\00\ff\0b\22\00\43\00\00\c0\7f\20\00\20\00\5b\1b\bc\23\02\73\24\02\22"
  "\01\44\00\00\00\00\00\00\f8\7f\20\01\20\01\61\1b\bd\23\03\85\24\03\23\04\73"
  "\24\04\0b\0b\42\b8\8e\9b\8c\db\94\fb\eb\77\0b\da\01\05\01\7c\01\7c\01\7c\01"
  "\7b\01\7d\23\06\41\04\49\04\40\41\e4\00\24\06\00\0b\23\06\41\04\6b\24\06\03"
  "\02\23\06\41\01\49\04\40\41\e4\00\24\06\00\0b\23\06\41\01\6b\24\06\02\00\01"
  "\43\1e\b0\ef\36\20\01\22\02\44\00\00\00\00\00\00\f8\7f\20\02\20\02\61\1b\bd"
  "\fd\01\01\00\fd\aa\01\fd\7a\22\03\fd\0c\00\00\00\00\00\00\f8\7f\00\00\00\00"
  "\00\00\f8\7f\20\03\20\03\fd\47\fd\52\23\01\fd\51\24\01\22\04\43\00\00\c0\7f"
  "\20\04\20\04\5b\1b\bc\23\02\73\24\02\44\fd\ff\ff\ff\ff\ff\ff\ff\43\00\00\00"
  "\ff\0b\22\04\43\00\00\c0\7f\20\04\20\04\5b\1b\bc\23\02\73\24\02\22\02\44\00"
  "\00\00\00\00\00\f8\7f\20\02\20\02\61\1b\bd\23\03\85\24\03\0b\44\ff\df\ff\ff"
  "\ff\ff\ff\ff\43\00\00\00\04\0b\5b\01\01\7c\23\06\41\04\49\04\40\41\e4\00\24"
  "\06\00\0b\23\06\41\04\6b\24\06\42\9b\92\fd\fe\e4\b5\8e\a3\9d\7f\23\00\fd\c9"
  "\01\fd\56\00\00\00\fd\7f\fd\82\02\fd\7e\fd\1b\02\b8\22\00\44\00\00\00\00\00"
  "\00\f8\7f\20\00\20\00\61\1b\bd\23\03\85\24\03\42\8e\c2\cc\ac\da\d5\a5\9f\e7"
  "\00\0b\6a\01\01\7c\23\06\41\04\49\04\40\41\e4\01\24\06\00\0b\23\06\41\04\6b"
  "\24\06\03\00\23\06\41\01\49\04\40\41\e4\00\24\06\00\0b\23\06\41\01\6b\24\06"
  "\43\00\10\00\00\91\8e\bb\44\b9\ae\75\f7\8d\29\d8\5e\43\39\cb\3d\fd\a9\c1\23"
  "\04\73\24\04\22\00\44\00\00\00\00\00\00\f8\7f\20\00\20\00\61\1b\bd\23\03\85"
  "\24\03\43\07\00\00\00\0b\0b\5c\01\01\7d\23\06\41\04\49\04\40\41\e4\00\24\06"
  "\00\0b\23\06\41\04\6b\24\06\02\03\02\7b\0c\01\10\07\b9\b6\22\00\43\00\00\c0"
  "\7f\20\00\20\00\5b\1b\fd\13\fd\64\3f\00\23\05\85\24\05\23\04\73\24\04\fd\0c"
  "\00\00\00\f0\ff\ff\ff\ff\01\01\01\01\01\01\01\01\0b\23\01\fd\51\24\01\0b\42"
  "\7f\0b\0b\16\02\00\42\dd\a0\e2\be\c3\eb\b7\ea\a1\7f\0b\02\35\7e\00\42\00\0b" "\00")
;; gainsay-step: trap "out of bounds memory access" (module instance $a $A)
;; gainsay-step: absent (invoke $a "f2")
;; gainsay-step: absent (invoke $a "f3")
;; gainsay-step: absent (invoke $a "f4")
;; gainsay-step: absent (invoke $a "f5")
;; gainsay-step: absent (invoke $a "f6")
;; gainsay-step: absent (invoke $a "f7")
