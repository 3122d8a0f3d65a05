import a_package_that_is_not_installed


def application(environ, start_response):
    return a_package_that_is_not_installed.answer(environ, start_response)
