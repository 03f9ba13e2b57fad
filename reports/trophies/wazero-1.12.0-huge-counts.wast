;; wazero 1.12.0 takes memory for 2^32 - 1 imports, which ends the process (§ binary/modules,
;; Import Section).
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\02\05\ff\ff\ff\ff\0f")
  "unexpected end")
