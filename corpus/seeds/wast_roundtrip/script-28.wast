;; gainsay:format 1
;; (module
;;   (type (;0;) (func (param f32 i64 i32 funcref externref externref) (result funcref)))
;;   (type (;1;) (func (param i64 f32 i32) (result i32)))
;;   (table (;0;) 12 funcref)
;;   (table (;1;) 10 13 funcref)
;;   (memory (;0;) 452 487 (pagesize 0x1))
;;   (global (;0;) (mut i32) (i32.const 100))
;;   (export "f0" (func 0))
;;   (export "f1" (func 1))
;;   (export "m0" (memory 0))
;;   (export "t0" (table 0))
;;   (export "t1" (table 1))
;;   (export "fuel" (global 0))
;;   (elem (;0;) (i32.const 1) func 0 1 1 1 0 0 0 1 1)
;;   (func (;0;) (type 0) (param f32 i64 i32 funcref externref externref) (result funcref)
;;     (local i32 i64 i64)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 0)
;;         (i32.const 4))
;;       (then
;;         (global.set 0
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 0
;;       (i32.sub
;;         (global.get 0)
;;         (i32.const 4)))
;;     (local.set 3
;;       (br_if 0
;;         (table.get 0
;;           (i32.and
;;             (if (result i32) ;; label = @1
;;               (local.get 2)
;;               (then
;;                 (if ;; label = @2
;;                   (i32.div_s
;;                     (local.get 6)
;;                     (i32.or
;;                       (i32.trunc_f64_u
;;                         (f64.convert_i32_s
;;                           (local.get 6)))
;;                       (i32.const 1)))
;;                   (then
;;                     (i64.add128
;;                       (i64.div_s
;;                         (i64.rem_s
;;                           (i64.div_s
;;                             (i64.const 281474976710655)
;;                             (i64.shr_s
;;                               (i64.const 562949953421313)
;;                               (local.get 1)))
;;                           (i64.or
;;                             (i64.extend32_s
;;                               (block (result i64) ;; label = @3
;;                                 (local.get 1)))
;;                             (i64.const 1)))
;;                         (i64.or
;;                           (i64.or
;;                             (i64.xor
;;                               (i64.div_s
;;                                 (i64.const -7314117140369739825)
;;                                 (i64.or
;;                                   (i64.const 9223372036854775807)
;;                                   (i64.const 1)))
;;                               (i64.div_s
;;                                 (i64.const 1025)
;;                                 (i64.or
;;                                   (i64.const -6637848101504813100)
;;                                   (i64.const 1))))
;;                             (i64.shr_s
;;                               (if (result i64) ;; label = @3
;;                                 (local.get 2)
;;                                 (then
;;                                   (local.get 1))
;;                                 (else
;;                                   (i64.const 17592186044415)))
;;                               (i64.const 15)))
;;                           (i64.const 1)))
;;                       (if (result i64) ;; label = @3
;;                         (block (result i32) ;; label = @3
;;                           (local.set 2
;;                             (call 1
;;                               (i64.trunc_f64_u
;;                                 (f64.const 0x1p+63 (;=9223372036854776000;)))
;;                               (f32.const -0x1.58p+5 (;=-43;))
;;                               (local.get 6)))
;;                           (local.get 2))
;;                         (then
;;                           (local.get 8))
;;                         (else
;;                           (i64.const 4294967295)))
;;                       (local.get 8)
;;                       (local.get 1))
;;                     (local.set 1)
;;                     (local.set 8)))
;;                 (i32.const 56))
;;               (else
;;                 (local.get 6)))
;;             (i32.const 7)))
;;         (i32.const 1426623133)))
;;     (ref.func 1)
;;   )
;;   (func (;1;) (type 1) (param i64 f32 i32) (result i32)
;;     (local i32 f32 f32 f32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 0)
;;         (i32.const 4))
;;       (then
;;         (global.set 0
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 0
;;       (i32.sub
;;         (global.get 0)
;;         (i32.const 4)))
;;     (elem.drop 0)
;;     (f32.eq
;;       (f32.nearest
;;         (f32.add
;;           (local.tee 4
;;             (select
;;               (f32.const -0x1.f4860ep-122 (;=-0.0000000000000000000000000000000000003677267;))
;;               (local.get 1)
;;               (local.get 2)))
;;           (f32.const 0x1p+6 (;=64;))))
;;       (select
;;         (block (result f32) ;; label = @1
;;           (table.init 1 0
;;             (i32.and
;;               (if (result i32) ;; label = @2
;;                 (if (result i32) ;; label = @2
;;                   (i32.const 16)
;;                   (then
;;                     (table.fill 0
;;                       (i32.and
;;                         (local.get 2)
;;                         (i32.const 7))
;;                       (block (result funcref) ;; label = @3
;;                         (drop
;;                           (br_if 0 (;@3;)
;;                             (call_indirect (type 0)
;;                               (local.get 1)
;;                               (local.get 0)
;;                               (local.get 3)
;;                               (ref.func 0)
;;                               (ref.null extern)
;;                               (ref.null extern)
;;                               (i32.and
;;                                 (i32.const 18)
;;                                 (i32.const 7)))
;;                             (if (result i32) ;; label = @4
;;                               (local.get 2)
;;                               (then
;;                                 (i64.atomic.store offset=7104
;;                                   (i32.and
;;                                     (i32.extend8_s
;;                                       (call_indirect 1 (type 1)
;;                                         (i64.or
;;                                           (i64.const 35)
;;                                           (local.get 0))
;;                                         (select
;;                                           (local.get 4)
;;                                           (local.get 1)
;;                                           (local.get 3))
;;                                         (ref.is_null
;;                                           (ref.null func))
;;                                         (i32.and
;;                                           (i64.eq
;;                                             (local.get 0)
;;                                             (local.get 0))
;;                                           (i32.const 7))))
;;                                     (i32.const 63))
;;                                   (local.get 0))
;;                                 (local.get 2))
;;                               (else
;;                                 (f32.store offset=39 align=2
;;                                   (i32.and
;;                                     (local.tee 3
;;                                       (if (result i32) ;; label = @5
;;                                         (i32.or
;;                                           (local.get 2)
;;                                           (i32.const 1821594913))
;;                                         (then
;;                                           (i32.le_s
;;                                             (i32.const -1048031127)
;;                                             (local.get 3)))
;;                                         (else
;;                                           (i32.const 131071))))
;;                                     (i32.const 63))
;;                                   (select
;;                                     (local.tee 6
;;                                       (local.get 4))
;;                                     (f32.const nan (;=NaN;))
;;                                     (f32.eq
;;                                       (local.get 6)
;;                                       (local.get 6))))
;;                                 (local.get 3)))))
;;                         (ref.func 0))
;; and so on
(module definition $A binary
  "\00\61\73\6d\01\00\00\00\01\12\02\60\06\7d\7e\7f\70\6f\6f\01\70\60\03\7e\7d"
  "\7f\01\7f\02\01\00\03\03\02\00\01\04\08\02\70\00\0c\70\01\0a\0d\05\07\01\09"
  "\c4\03\e7\03\00\06\07\01\7f\01\41\e4\00\0b\07\21\06\02\66\30\00\00\02\66\31"
  "\00\01\02\6d\30\02\00\02\74\30\01\00\02\74\31\01\01\04\66\75\65\6c\03\00\09"
  "\0f\01\00\41\01\0b\09\00\01\01\01\00\00\00\01\01\0a\f5\03\02\d7\01\02\01\7f"
  "\02\7e\23\00\41\04\49\04\40\41\e4\00\24\00\00\0b\23\00\41\04\6b\24\00\20\02"
  "\04\7f\20\06\20\06\b7\ab\41\01\72\6d\04\40\42\ff\ff\ff\ff\ff\ff\3f\42\81\80"
  "\80\80\80\80\80\01\20\01\87\7f\02\7e\20\01\0b\c4\42\01\84\81\42\cf\df\a9\95"
  "\e7\a6\c2\bf\9a\7f\42\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\42\01\84\7f\42\81\08\42"
  "\d4\ef\b7\e6\a0\8a\e8\f0\a3\7f\42\01\84\7f\85\20\02\04\7e\20\01\05\42\ff\ff"
  "\ff\ff\ff\ff\03\0b\42\0f\87\84\42\01\84\7f\02\7f\44\00\00\00\00\00\00\e0\43"
  "\b1\43\00\00\2c\c2\20\06\10\01\21\02\20\02\0b\04\7e\20\08\05\42\ff\ff\ff\ff"
  "\0f\0b\20\08\20\01\fc\13\21\01\21\08\0b\41\38\05\20\06\0b\41\07\71\25\00\41"
  "\9d\95\a2\a8\05\0d\00\21\03\d2\01\0b\99\02\03\01\7f\02\7d\01\7d\23\00\41\04"
  "\49\04\40\41\e4\00\24\00\00\0b\23\00\41\04\6b\24\00\fc\0d\00\43\07\43\fa\82"
  "\20\01\20\02\1b\22\04\43\00\00\80\42\92\90\02\7d\41\10\04\7f\20\02\41\07\71"
  "\02\70\20\01\20\00\20\03\d2\00\d0\6f\d0\6f\41\12\41\07\71\11\00\00\20\02\04"
  "\7f\42\23\20\00\84\20\04\20\01\20\03\1b\d0\70\d1\20\00\20\00\51\41\07\71\11"
  "\01\01\c0\41\3f\71\20\00\fe\18\03\c0\37\20\02\05\20\02\41\a1\aa\cd\e4\06\72"
  "\04\7f\41\e9\a0\a1\8c\7c\20\03\4c\05\41\ff\ff\07\0b\22\03\41\3f\71\20\04\22"
  "\06\43\00\00\c0\7f\20\06\20\06\5b\1b\38\01\27\20\03\0b\0d\00\1a\d2\00\0b\41"
  "\03\23\00\41\10\49\04\40\41\e4\00\24\00\00\0b\23\00\41\10\6b\24\00\fc\11\00"
  "\20\03\05\20\02\0b\04\7f\41\c1\00\05\20\03\0b\41\07\71\41\00\41\03\23\00\41"
  "\10\49\04\40\41\e4\00\24\00\00\0b\23\00\41\10\6b\24\00\fc\0c\00\01\43\00\00"
  "\b8\c1\20\03\0d\00\1a\43\00\00\3c\42\0b\20\01\41\28\1b\5b\0b")
(module instance $a $A)
(assert_return (invoke $a "f0" (f32.const nan:0x400000) (i64.const 24) (i32.const 16385) (ref.null func) (ref.extern 7) (ref.extern 6)) (ref.null func))
(assert_trap (invoke $a "f1" (i64.const 59) (f32.const 64.0) (i32.const 33)) "indirect call type mismatch")
(assert_return (invoke $a "f0" (f32.const -57.0) (i64.const -2) (i32.const -2) (ref.null func) (ref.null extern) (ref.extern 5)) (ref.null func))
(assert_trap (invoke $a "f1" (i64.const 9223372036854775807) (f32.const 23.0) (i32.const 821231263)) "indirect call type mismatch")
(assert_return (invoke $a "f0" (f32.const -1.0) (i64.const 1) (i32.const 1033320148) (ref.null func) (ref.null extern) (ref.extern 5)) (ref.null func))
(assert_trap (invoke $a "f1" (i64.const 1) (f32.const inf) (i32.const 0)) "indirect call type mismatch")
