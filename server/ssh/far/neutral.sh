# What is one user's taste, or another language, must not change what a check sees.
for drover_v in $(compgen -e); do
	case $drover_v in
		*_proxy | *_PROXY | *_OPTIONS | *_OPTS | LANG | LANGUAGE | LC_* | POSIXLY_CORRECT | CDPATH | GLOBIGNORE | *BLOCK_SIZE | BLOCKSIZE | QUOTING_STYLE | TIME_STYLE | GZIP | XZ_* | MYSQL_* | LIBMYSQL_* | CURL_* | WGETRC | LD_PRELOAD | LD_LIBRARY_PATH | LD_AUDIT | DOCKER_DEFAULT_PLATFORM | DOCKER_CLI_*)
			unset "$drover_v" ;;
	esac
done
export LC_ALL=C
