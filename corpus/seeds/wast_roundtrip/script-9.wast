;; gainsay:format 1
;; gainsay-step: sections import
(module definition $A
  (type (struct (field eqref) (field (mut i64)) (field (mut eqref))))
  (type (struct (field f32) (field (mut externref))))
  (type (sub (struct (field i16))))
  (type (func (param funcref) (result externref)))
  (type (func (param i64 f64 anyref)))
  (type (func (result i64 f64 anyref)))
  (type (func (result i64 f64 anyref exnref)))
  (type (func (param eqref) (result i64)))
  (table i64 11 11 funcref)
  (memory i64 1 3)
  (tag (type 4) (param i64 f64 anyref))
  (global (mut i32) (i32.const 100))
  (elem (i64.const 3) func 2 1 0 1 2 0)
  (func (export "f0") (type 5) (result i64 f64 anyref)
    (local i32 i64 externref eqref externref exnref)
    (if (i32.lt_u (global.get 0) (i32.const 4)) (then (global.set 0 (i32.const 100)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (i64.ctz
      (call_indirect (type 7)
        (local.tee 3
          (block (result eqref)
            (drop
              (br_if 0
                (if (result eqref) (i32.const 512) (then (local.get 3)) (else (ref.null eq)))
                (local.tee 0 (i32.const 6))))
            (block (result eqref) (struct.new_default 0))))
        (i64.const 4)))
    (f64.nearest (f64.const 0x1.8a7a8f1f8f9f9p+373))
    (struct.new 1 (f32.const -0x1p+31) (ref.null extern)))
  (func (export "f1") (type 7) (param eqref) (result i64)
    (local i32 (ref null 2) (ref null 2) funcref funcref externref exnref)
    (if (i32.lt_u (global.get 0) (i32.const 4)) (then (global.set 0 (i32.const 100)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (block
      (br_table 0 0 0 0
        (i32.wrap_i64
          (if (result i64)
            (block (result i32)
              (call_indirect (type 4)
                (i64.const 40)
                (f64.load offset=8 align=4
                  (i64.and
                    (if (result i64)
                      (local.get 1)
                      (then
                        (local.set 0
                          (block (result eqref)
                            (block (type 5) (result i64 f64 anyref)
                              (try_table
                                (catch 0 0)
                                (table.set 0 (i64.and (i64.const 1) (i64.const 7)) (ref.null func))
                                (call 2
                                  (i64.const 9007199254740991)
                                  (f64.convert_i32_s (i32.const 1))
                                  (select (result anyref)
                                    (ref.null any)
                                    (ref.null any)
                                    (i32.shr_u
                                      (i32.atomic.load8_u offset=12
                                        (i64.and (i64.const 48) (i64.const 32767)))
                                      (i32.ctz (local.get 1))))))
                              (i64.const 1)
                              (f64.const 30)
                              (if (result anyref)
                                (local.get 1)
                                (then (ref.null any))
                                (else (ref.null any))))
                            (drop)
                            (drop)
                            (drop)
                            (drop (br_if 0 (local.get 0) (local.get 1)))
                            (ref.i31 (i32.const -4))))
                        (i64.const 4547802524129516423))
                      (else (i64.const -9223372036854775808)))
                    (i64.const 4095)))
                (ref.null any)
                (i64.const 7))
              (drop (br_if 0 (i32.const 2) (i32.const 32768)))
              (i32.const -1))
            (then (i64.const 31))
            (else (i64.const 48))))))
    (i64.const 31))
  (func (export "f2") (type 4) (param i64 f64 anyref) (local i32)
    (if (i32.lt_u (global.get 0) (i32.const 4)) (then (global.set 0 (i32.const 100)) (unreachable)))
    (global.set 0 (i32.sub (global.get 0) (i32.const 4)))
    (atomic.fence)
    (if
      (local.get 3)
      (then
        (memory.init 0
          (i64.and (local.get 0) (i64.const 63))
          (i32.const 2)
          (i32.const 1)
          (if
            (i32.lt_u (global.get 0) (i32.const 16))
            (then (global.set 0 (i32.const 100)) (unreachable)))
          (global.set 0 (i32.sub (global.get 0) (i32.const 16)))))
      (else
        (br_if 0 (ref.is_null (ref.func 2)))
        (br_if 0 (i32.trunc_f64_u (f64.convert_i32_s (i32.clz (local.get 3))))))))
  (data (i64.const 0) "\99\df\91\e1\f7H\b1]\bc\a0\df\1a<\c9k")
  (export "m0" (memory 0))
  (export "t0" (table 0))
  (export "e0" (tag 0))
  (export "fuel" (global 0)))
(module instance $a $A)
(register "a" $a)
;; (module
;;   (type (;0;) (func (param f64) (result i64 funcref)))
;;   (type (;1;) (func (param i64) (result externref f64 f64)))
;;   (type (;2;) (func (result i64 f64 anyref)))
;;   (type (;3;) (func (param eqref) (result i64)))
;;   (type (;4;) (func (param i64 f64 anyref)))
;;   (type (;5;) (func (param i64 f64 anyref)))
;;   (import "a" "f0" (func (;0;) (type 2) (result i64 f64 anyref)))
;;   (import "a" "f1" (func (;1;) (type 3) (param eqref) (result i64)))
;;   (import "a" "f2" (func (;2;) (type 4) (param i64 f64 anyref)))
;;   (import "a" "m0" (memory (;0;) i64 1 3))
;;   (table (;0;) 4 structref (ref.null struct))
;;   (tag (;0;) (type 5) (param i64 f64 anyref))
;;   (global (;0;) (mut i64) (i64.const 0))
;;   (global (;1;) (mut i64) (i64.const 0))
;;   (global (;2;) (mut i32) (i32.const 0))
;;   (global (;3;) (mut i32) (i32.const 0))
;;   (global (;4;) (mut i32) (i32.const 100))
;;   (export "f0" (func 0))
;;   (export "f1" (func 1))
;;   (export "f2" (func 2))
;;   (export "f3" (func 3))
;;   (export "f4" (func 4))
;;   (export "f5" (func 5))
;;   (export "g0" (global 0))
;;   (export "g1" (global 1))
;;   (export "g2" (global 2))
;;   (export "g3" (global 3))
;;   (export "m0" (memory 0))
;;   (export "t0" (table 0))
;;   (export "e0" (tag 0))
;;   (export "fuel" (global 4))
;;   (elem (;0;) funcref (ref.func 1) (ref.func 1) (ref.func 0) (ref.func 5) (ref.func 4) (ref.func 2))
;;   (func (;3;) (type 0) (param f64) (result i64 funcref)
;;     (local f64 i32 i64 i64 f64)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (i32.clz
;;       (i32.popcnt
;;         (local.get 2))
;;       (atomic.fence))
;;     (call 0)
;;     (local.set 3
;;       (memory.size))
;;     (block ;; label = @1
;;       (block ;; label = @2
;;         (br_if 0 (;@2;)
;;           (i64.le_u
;;             (i64.mul
;;               (memory.size)
;;               (i64.const 65536))
;;             (i64.add
;;               (i64.const 35626)
;;               (local.get 3))))
;;         (br_if 0 (;@2;)
;;           (i64.le_s
;;             (local.get 3)
;;             (i64.const 0)))
;;         (local.set 4
;;           (i64.load offset=35618 align=1
;;             (local.get 3)))
;;         (br 1 (;@1;)))
;;       (local.set 4
;;         (i64.const 0)))
;;     (global.set 0
;;       (i64.xor
;;         (local.get 4)
;;         (global.get 0)))
;;     (drop)
;;     (local.tee 5)
;;     (f64.const nan (;=NaN;))
;;     (f64.eq
;;       (local.get 5)
;;       (local.get 5))
;;     (select)
;;     (i64.reinterpret_f64)
;;     (global.get 1)
;;     (i64.xor)
;;     (global.set 1)
;;     (global.get 0)
;;     (i64.xor)
;;     (global.set 0)
;;     (global.get 2)
;;     (i32.xor)
;;     (global.set 2)
;;     (i64.const 288230376151711744)
;;     (ref.null func)
;;   )
;;   (func (;4;) (type 2) (result i64 f64 anyref)
;;     (local f32 f64)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (i32.const 196600)
;;     (i32.const -1056237063)
;;     (try_table (type 2) (result i64 f64 anyref) (catch 0 0) (catch 0 0) (catch 0 0) (catch 0 0) (catch 0 0) ;; label = @1
;;       (atomic.fence)
;;       (try_table (result i64) (catch 0 0 (;@1;)) (catch 0 1) (catch 0 1) (catch 0 0 (;@1;)) (catch 0 0 (;@1;)) ;; label = @2
;;         (nop)
;;         (if ;; label = @3
;;           (i32.eqz
;;             (i32.const -27848234))
;;           (then
;;             (if ;; label = @4
;;               (i32.or
;;                 (f32.ne
;;                   (local.tee 0
;;                     (f32.const -0x1.8164a4p+26 (;=-101028500;)))
;;                   (local.get 0))
;;                 (i32.or
;;                   (f32.eq
;;                     (local.get 0)
;;                     (f32.const inf (;=inf;)))
;;                   (f32.eq
;;                     (local.get 0)
;;                     (f32.const -inf (;=-inf;)))))
;;               (then
;;                 (local.set 0
;;                   (f32.const 0x0p+0 (;=0;)))))
;;             (if ;; label = @4
;;               (f32.lt
;;                 (local.get 0)
;;                 (f32.const 0x0p+0 (;=0;)))
;;               (then
;;                 (local.set 0
;;                   (f32.const 0x0p+0 (;=0;)))))
;;             (if ;; label = @4
;;               (f32.gt
;;                 (local.get 0)
;;                 (f32.const 0x1.fffffep+30 (;=2147483500;)))
;;               (then
;;                 (local.set 0
;;                   (f32.const 0x1.fffffep+30 (;=2147483500;)))))
;;             (global.set 2
;;               (i32.xor
;;                 (i32.trunc_f32_u
;;                   (local.get 0))
;;                 (global.get 2)))))
;;         (i64.const 6113980996844401344))
;;       (f64.const 0x1p-1019 (;=0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000017800590868057611;))
;;       (ref.null any))
;;     (drop)
;;     (local.tee 1)
;;     (f64.const nan (;=NaN;))
;;     (f64.eq
;;       (local.get 1)
;;       (local.get 1))
;;     (select)
;;     (i64.reinterpret_f64)
;;     (global.get 1)
;;     (i64.xor)
;;     (global.set 1)
;;     (global.get 0)
;;     (i64.xor)
;;     (global.set 0)
;;     (global.get 2)
;;     (i32.xor)
;;     (global.set 2)
;;     (global.get 2)
;;     (i32.xor)
;;     (global.set 2)
;;     (i64.const -3629763093254903463)
;;     (f64.const -0x1.a626dbfba394dp+9 (;=-844.3035883473145;))
;;     (ref.null any)
;;   )
;;   (func (;5;) (type 5) (param i64 f64 anyref)
;;     (local f64 f32)
;;     (if ;; label = @1
;;       (i32.lt_u
;;         (global.get 4)
;;         (i32.const 4))
;;       (then
;;         (global.set 4
;;           (i32.const 100))
;;         (unreachable)))
;;     (global.set 4
;;       (i32.sub
;;         (global.get 4)
;;         (i32.const 4)))
;;     (global.set 3
;;       (i32.xor
;; and so on
(module definition $B binary
  "\00\61\73\6d\01\00\00\00\01\25\06\60\01\7c\02\7e\70\60\01\7e\03\6f\7c\7c\60"
  "\00\03\7e\7c\6e\60\01\6d\01\7e\60\03\7e\7c\6e\00\60\03\7e\7c\6e\00\02\1f\04"
  "\01\61\02\66\30\00\02\01\61\02\66\31\00\03\01\61\02\66\32\00\04\01\61\02\6d"
  "\30\02\05\01\03\03\04\03\00\02\05\04\09\01\40\00\6b\00\04\d0\6b\0b\0d\03\01"
  "\00\05\06\1b\05\7e\01\42\00\0b\7e\01\42\00\0b\7f\01\41\00\0b\7f\01\41\00\0b"
  "\7f\01\41\e4\00\0b\07\49\0e\02\66\30\00\00\02\66\31\00\01\02\66\32\00\02\02"
  "\66\33\00\03\02\66\34\00\04\02\66\35\00\05\02\67\30\03\00\02\67\31\03\01\02"
  "\67\32\03\02\02\67\33\03\03\02\6d\30\02\00\02\74\30\01\00\02\65\30\04\00\04"
  "\66\75\65\6c\03\04\09\16\01\05\70\06\d2\01\0b\d2\01\0b\d2\00\0b\d2\05\0b\d2"
  "\04\0b\d2\02\0b\0c\01\01\0a\bf\04\03\90\01\05\01\7c\01\7f\01\7e\01\7e\01\7c"
  "\23\04\41\04\49\04\40\41\e4\00\24\04\00\0b\23\04\41\04\6b\24\04\20\02\69\fe"
  "\03\00\67\10\00\3f\00\21\03\02\40\02\40\3f\00\42\80\80\04\7e\42\aa\96\02\20"
  "\03\7c\58\0d\00\20\03\42\00\57\0d\00\20\03\29\00\a2\96\02\21\04\0c\01\0b\42"
  "\00\21\04\0b\20\04\23\00\85\24\00\1a\22\05\44\00\00\00\00\00\00\f8\7f\20\05"
  "\20\05\61\1b\bd\23\01\85\24\01\23\00\85\24\00\23\02\73\24\02\42\80\80\80\80"
  "\80\80\80\80\04\d0\70\0b\fc\01\02\01\7d\01\7c\23\04\41\04\49\04\40\41\e4\00"
  "\24\04\00\0b\23\04\41\04\6b\24\04\41\f8\ff\0b\41\f9\b3\ac\88\7c\1f\02\05\00"
  "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\fe\03\00\1f\7e\05\00\00\00\00\00"
  "\01\00\00\01\00\00\00\00\00\00\01\41\d6\a3\dc\72\45\04\40\43\52\b2\c0\cc\22"
  "\00\20\00\5c\20\00\43\00\00\80\7f\5b\20\00\43\00\00\80\ff\5b\72\72\04\40\43"
  "\00\00\00\00\21\00\0b\20\00\43\00\00\00\00\5d\04\40\43\00\00\00\00\21\00\0b"
  "\20\00\43\ff\ff\ff\4e\5e\04\40\43\ff\ff\ff\4e\21\00\0b\20\00\a9\23\02\73\24"
  "\02\0b\42\c0\e5\98\c3\ac\aa\ce\ec\d4\00\0b\44\00\00\00\00\00\00\40\00\d0\6e"
  "\0b\1a\22\01\44\00\00\00\00\00\00\f8\7f\20\01\20\01\61\1b\bd\23\01\85\24\01"
  "\23\00\85\24\00\23\02\73\24\02\23\02\73\24\02\42\d9\d2\df\fd\aa\b6\9f\d0\4d"
  "\44\4d\39\ba\bf\6d\62\8a\c0\d0\6e\0b\ac\01\02\01\7c\01\7d\23\04\41\04\49\04"
  "\40\41\e4\00\24\04\00\0b\23\04\41\04\6b\24\04\44\fd\aa\f8\7e\1c\2c\1b\e0\22"
  "\01\b6\44\fb\ff\ff\ff\ff\ff\ff\ff\22\03\20\03\62\20\03\44\00\00\00\00\00\00"
  "\f0\7f\61\20\03\44\00\00\00\00\00\00\f0\ff\61\72\72\04\40\44\00\00\00\00\00"
  "\00\00\00\21\03\0b\20\03\44\00\00\00\00\00\00\00\00\63\04\40\44\00\00\00\00"
  "\00\00\00\00\21\03\0b\20\03\44\ff\ff\ff\ff\ff\ff\df\43\64\04\40\44\ff\ff\ff"
  "\ff\ff\ff\df\43\21\03\0b\20\03\b1\23\00\85\24\00\22\04\43\00\00\c0\7f\20\04"
  "\20\04\5b\1b\bc\23\03\73\24\03\0b\0b\03\01\01\00")
(module instance $b $B)
(assert_return (invoke $a "f0") (i64.const 0) (f64.const 2.964640428452813e112) (ref.struct))
(assert_return (invoke $a "f1" (ref.null any)) (i64.const 31))
(assert_return (invoke $a "f2" (i64.const 9007199254740993) (f64.const -3.850144321306328e47) (ref.null any)))
(assert_return (invoke $b "f0") (i64.const 0) (f64.const 2.964640428452813e112) (ref.struct))
(assert_return (invoke $b "f1" (ref.null any)) (i64.const 31))
(assert_return (invoke $b "f2" (i64.const 26) (f64.const 93.0) (ref.null any)))
(assert_return (invoke $b "f3" (f64.const 0.0)) (i64.const 288230376151711744) (ref.null func))
(assert_return (invoke $b "f4") (i64.const -3629763093254903463) (f64.const -844.3035883473145) (ref.null any))
(assert_return (invoke $b "f5" (i64.const -728317565915993730) (f64.const 1.7800590868057611e-307) (ref.null any)))
