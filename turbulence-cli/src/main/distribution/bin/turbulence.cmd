@echo off
rem Starts Turbulence from its distribution folder.
setlocal
set "TURBULENCE_DIR=%~dp0.."
set "JAVA=java.exe"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"

"%JAVA%" --version 2>nul | findstr /r /c:"^[a-z]* 2[5-9]" /c:"^[a-z]* [3-9][0-9]" >nul
if errorlevel 1 (
  echo turbulence: no Java 25 or newer was found. Install one, for example from https://adoptium.net, >&2
  echo and put it on the PATH or point JAVA_HOME to it. >&2
  exit /b 70
)

rem What ends within a second or two is over before the optimizing compiler's work pays
set "COMPILER="
for %%c in (check docs new plugin plugins profiles schema version) do if "%~1"=="%%c" set "COMPILER=-XX:TieredStopAtLevel=1"

rem Java takes one garbage collector only, and would refuse to start
set "COLLECTOR="
if defined TURBULENCE_JAVA_OPTS echo %TURBULENCE_JAVA_OPTS% | findstr /r /c:"-XX:+Use[A-Za-z]*GC" >nul && set "COLLECTOR=-XX:-UseSerialGC"

"%JAVA%" "@%TURBULENCE_DIR%\lib\jvm.options" %COMPILER% %COLLECTOR% %TURBULENCE_JAVA_OPTS% "-Dturbulence.home=%TURBULENCE_DIR%" -cp "%TURBULENCE_DIR%\lib\*" io.turbulence.cli.Turbulence %*
exit /b %ERRORLEVEL%
