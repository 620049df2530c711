# What `cmake --install` puts where, and the Debian package made of it (`cpack` in the build folder).
# Completions and the manual page are asked of the program itself, so that they cannot fall behind it.
set(share ${PROJECT_BINARY_DIR}/share)
find_program(gzip_program gzip REQUIRED)
add_custom_command(OUTPUT ${share}/csatdb ${share}/_csatdb ${share}/csatdb.fish ${share}/csatdb.1
  COMMAND ${CMAKE_COMMAND} -E make_directory ${share}
  COMMAND csatdb completion bash > ${share}/csatdb
  COMMAND csatdb completion zsh > ${share}/_csatdb
  COMMAND csatdb completion fish > ${share}/csatdb.fish
  COMMAND csatdb __manual > ${share}/csatdb.1
  DEPENDS csatdb VERBATIM)
# No timestamp inside: the same sources give the same package.
add_custom_command(OUTPUT ${share}/csatdb.1.gz ${share}/changelog.gz
  COMMAND ${gzip_program} -9nc ${share}/csatdb.1 > ${share}/csatdb.1.gz
  COMMAND ${gzip_program} -9nc ${PROJECT_SOURCE_DIR}/scripts/packaging/changelog > ${share}/changelog.gz
  DEPENDS ${share}/csatdb.1 scripts/packaging/changelog VERBATIM)
add_custom_target(csatdb_share ALL
  DEPENDS ${share}/csatdb ${share}/csatdb.1.gz ${share}/changelog.gz)

install(TARGETS csatdb RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${share}/csatdb DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${share}/_csatdb DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${share}/csatdb.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES scripts/packaging/systemd/csatdb-sync.service scripts/packaging/systemd/csatdb-sync.timer
              scripts/packaging/systemd/csatdb-watch.service
        DESTINATION lib/systemd/user)
install(FILES README.md scripts/packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(FILES ${share}/csatdb.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${share}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "csatdb maintainers <maintainers@csatdb.invalid>")
set(CPACK_PACKAGE_DESCRIPTION
"csatdb keeps Genesys Cloud customer-satisfaction surveys and interaction
analytics in one SQLite file: it fetches them incrementally, survives
interruption at any moment, proves its counts against the service, and ships
SQL reports over the joined data.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Without authorities there is no TLS, without zones no local date: as Recommends they would be left out too easily.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, libsqlite3-0 (>= 3.37), tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "sqlite3")
include(CPack)
