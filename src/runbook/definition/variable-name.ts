/**
 * Which variables a command may be started with. A secret `env` item reaches `docker run -e NAME` through the environment of the Docker client, so that it stands
 * in no process list. But a client, and what it starts, read variables of their own: one such name would choose another program, another engine, another proxy.
 *
 * A name has to be known as harmless: it says itself that it carries a secret, or belongs to the container's own software; and no program of this machine reads it.
 */
import { hasSecretName } from '../text/secret.ts';

/** Names that programs read which a command may start, by who reads them. A word stands for itself, `X_*` for all that begins so. */
const readBy: Readonly<Record<string, string>> = {
	// ld.so(8), and the C library: environ(7), locale(7), resolver(3), tzset(3), mallopt(3), iconv(3).
	loader: 'LD_* DYLD_* _RLD* LIBPATH SHLIB_PATH GLIBC_* GCONV_PATH LOCPATH NLSPATH MALLOC_* HOSTALIASES LOCALDOMAIN RES_OPTIONS GETCONF_DIR TZ TZDIR ARGP_HELP_FMT DATEMSK MSGVERB SEV_LEVEL QEMU_* *SAN_OPTIONS',
	locale: 'LANG LANGUAGE LC_* CHARSET OUTPUT_CHARSET TEXTDOMAIN TEXTDOMAINDIR',
	// environ(7), XDG Base Directory Specification.
	user: 'PATH HOME PWD OLDPWD USER LOGNAME USERNAME SHELL EDITOR VISUAL PAGER MANPATH MANPAGER BROWSER MAIL MAILPATH MAILCHECK TERM TERMCAP TERMINFO* COLORTERM COLUMNS LINES DISPLAY WAYLAND_DISPLAY XAUTHORITY TMP TEMP TMPDIR TEMPDIR TMPPREFIX XDG_* NO_COLOR CLICOLOR* FORCE_COLOR POSIXLY_CORRECT',
	// bash(1), dash(1), zsh(1), ksh(1).
	shell: 'ENV IFS BASH* BASH_* SHELLOPTS PS0 PS1 PS2 PS3 PS4 PROMPT* PROMPT_* CDPATH CHILD_MAX COMP_* COMPREPLY COPROC DIRSTACK EPOCH* EUID UID GID PPID EXECIGNORE FCEDIT FIGNORE FPATH FUNCNAME FUNCNEST GLOBIGNORE GROUPS HISTFILE HISTFILESIZE HISTSIZE HISTCONTROL HISTIGNORE HISTTIMEFORMAT HISTCMD HOSTFILE HOSTNAME HOSTTYPE IGNOREEOF INPUTRC INSIDE_EMACS KSH* LINENO MACHTYPE MAPFILE OPTARG OPTERR OPTIND OSTYPE PIPESTATUS RANDOM READLINE_* REPLY SECONDS SHLVL SRANDOM TIMEFORMAT TMOUT ZDOTDIR _',
	// docker(1) and its plugins; containerd, BuildKit, OpenTelemetry; programs that keep its passwords.
	docker: 'DOCKER_* COMPOSE_* BUILDKIT_* BUILDX_* MOBY_* CONTAINERD_* CONTAINER_HOST CONTAINER_CONNECTION CONTAINER_SSHKEY CONTAINERS_* NOTARY_* PODMAN_* OTEL_* REGISTRY_AUTH_FILE KUBE* PASSWORD_STORE_* GNUPG* GPG_* AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CA_BUNDLE AWS_ENDPOINT_* AWS_CONTAINER_* AWS_WEB_* AWS_SDK_* GOOGLE_APPLICATION_* CLOUDSDK_* AZURE_* SECRETSERVICE_* DBUS_*',
	// Go: runtime, net, crypto/x509, time.
	go: 'GODEBUG GOGC GOMAXPROCS GOMEMLIMIT GOTRACEBACK GOCOVERDIR GORACE GOROOT GOPATH GOFLAGS GOENV CGO_* ZONEINFO SSL_CERT_*',
	// curl(1), wget(1), openssl(1), GnuTLS, NSS, Kerberos.
	net: '*_PROXY RSYNC_* CURL_* WGETRC SYSTEM_WGETRC NETRC QLOGDIR SSLKEYLOGFILE SSL_* OPENSSL_* GNUTLS_* NSS_* NSPR_* P11_* PKCS11* CTLOG_FILE RANDFILE KRB5* GSS_* SASL_* LDAPCONF LDAPRC LDAPTLS* SSH_* SSHPASS GIT_* SVN_* CVS_* NOTIFY_SOCKET LISTEN_* JOURNAL_STREAM INVOCATION_ID CREDENTIALS_DIRECTORY',
	// Interpreters.
	languages: 'NODE NODE_* NPM_* UV_* V8_* TS_NODE_* ELECTRON_* PYTHON* PERL* PERLLIB RUBY* GEM_* BUNDLE_* PHP* PHPRC LUA_* TCL* CLASSPATH JAVA_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS',
	// GNU and util-linux: tar, grep, gzip, xz, ls, less, df, du, cp, awk, find, ps, sudo, jq.
	tools: 'TAR_* TAPE GREP_* GZIP BZIP BZIP2 XZ_* ZSTD_* LS_* LS_COLORS LESS* MORE DIRCOLORS QUOTING_STYLE TIME_STYLE BLOCK_SIZE BLOCKSIZE DF_* DU_* AWKPATH AWKLIBPATH GAWK_* SIMPLE_BACKUP_SUFFIX VERSION_CONTROL PS_FORMAT PS_PERSONALITY PS_COLORS LIBPROC* CMD_ENV UNIX95 SUDO_* JQ_* LIBMYSQL_* MYSQL_HOME MYSQL_HOST MYSQL_TCP_PORT MYSQL_UNIX_PORT MYSQL_GROUP_SUFFIX',
	drover: 'DROVER_*',
};

const read = new RegExp(`^(?:${Object.values(readBy).flatMap((names) => names.split(' ')).map((name) => name.replaceAll('*', '.*')).join('|')})$`, 'su');

/** Whether a program of this machine that a command may start reads a variable of this name. Proxies have names in small letters as well. */
export function isReadByPrograms(name: string): boolean {
	return read.test(name) || /^(?:.*_proxy|npm_.*|histchars|auto_resume)$/s.test(name);
}

/** Of the software in the container: Rancher's own, and where a container is told an address with a password in it. */
const ofContainers = /^(?:DEFAULT_)?CATTLE_|^RANCHER_|^(?:MYSQL|MARIADB|POSTGRES|REDIS|MONGO|LDAP)_|^(?:JAVA|CATALINA)_OPTS$|_(?:URL|URI|DSN|JDBC|CONNECTION|CONNECTION_STRING)$|^(?:DATABASE|DB|JDBC|REDIS|MONGO|AMQP|SMTP)_?(?:URL|URI|DSN)$/;

/** Whether a command may be started with a secret of the reader's under this name. */
export function mayBeEnvironment(name: string): boolean {
	if (isReadByPrograms(name) || isReadByPrograms(name.toUpperCase())) return false;
	return hasSecretName(name) || ofContainers.test(name);
}
